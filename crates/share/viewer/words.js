// What the page says, in the browser's language: English or French.

const en = {
  title: "Shared health records",
  reading: "Reading the link…",
  offered: "Somebody shares health records with you",
  label: "What they call it",
  no_label: "No name was given",
  host: "Kept at",
  expires: "Ends",
  no_expiry: "The link does not say",
  over: "{when} – this is over",
  promise: "Nothing has been fetched yet. The records are opened in this browser alone: the key is in your link, and the host does not have it.",
  recipient: "Your name",
  recipient_why: "The person who shares sees it in their list of who looked. It is not checked.",
  recipient_missing: "Write your name first.",
  passcode: "Passcode",
  passcode_why: "The person who shares tells it to you.",
  passcode_missing: "This link needs a passcode.",
  open: "Open the records",
  opening: "Opening…",
  patient: "Patient",
  name: "Name",
  born: "Born",
  gender: "Gender",
  allergies: "Allergies",
  medications: "Medications",
  conditions: "Conditions",
  vitals: "Vital signs and results",
  documents: "Documents",
  not_recorded: "Not recorded",
  nothing: "Nothing of this kind is in what was shared. That does not mean that there is none.",
  unnamed: "No name was recorded",
  others: "Also shared, and not shown by this page: {list}",
  modified: "This entry carries a remark that this page does not understand and that may change its meaning. Ask whoever shared it.",
  not_given: "Not to be taken",
  refuted: "Ruled out",
  reaction: "Reaction: {text}",
  since: "since {when}",
  until: "until {when}",
  save: "Save “{name}”",
  file: "file",
  picture: "Picture from “{name}”",
  copied_from: "Opened {when}. Signed by nobody: take it as what the person gave you, and check what matters.",
  print: "Print",
  again: "Try again",
  empty: "There is no link in this address",
  empty_why: "Open the whole link that you were given, from shlink: to its end, or scan the code again.",
  damaged: "This link or what it leads to is damaged",
  damaged_why: "Copy the whole link again, or ask for a new one.",
  newer: "This link is newer than this page",
  newer_why: "Ask the person who shares for another way.",
  elsewhere: "This link is kept at another host",
  elsewhere_why: "This page opens the links of its own host alone, so that nothing of yours goes elsewhere. Open the link with the page or program that it came with.",
  gone: "Nothing is shared under this link now",
  gone_why: "It ended, was used up, or was taken back. Ask the person who shares.",
  often: "This link was asked for too often",
  often_why: "Wait a minute, then try again.",
  wrong: "The passcode is not right",
  wrong_left: { one: "One more try is left.", many: "{n} more tries are left." },
  wrong_none: "No try is left: the link is closed. Ask the person who shares.",
  unreachable: "The host does not answer",
  unreachable_why: "Check the network and try again. No opening was lost if none was shown.",
  large: "What is shared is larger than this page can open",
  large_why: "Ask the person who shares for less at once.",
  insecure: "This browser does not open records over an unprotected address",
  insecure_why: "The address of this page begins with http:, and browsers then keep their means of decryption to themselves. Your link is good. Open it with a program for SMART Health Links, such as Aidpost on a computer of this network, or ask the person who shares for a link that works from anywhere.",
  old: "This browser is too old to open the records",
  old_why: "Use a current Firefox, Chrome, Edge or Safari.",
  status: { active: "active", completed: "completed", stopped: "stopped", "on-hold": "on hold", inactive: "inactive", resolved: "resolved", remission: "in remission", recurrence: "come back", relapse: "come back", intended: "planned", "not-taken": "not taken", cancelled: "canceled", draft: "draft", unknown: "status unknown" },
  genders: { female: "female", male: "male", other: "other", unknown: "unknown" },
  absent: { "no-known-allergies": "No known allergies", "no-known-medication-allergies": "No known allergies to medicines", "no-known-environmental-allergies": "No known environmental allergies", "no-known-food-allergies": "No known food allergies", "no-allergy-info": "Nothing is known about allergies", "no-known-medications": "No known medications", "no-medication-info": "Nothing is known about medications", "no-known-problems": "No known conditions", "no-problem-info": "Nothing is known about conditions" },
  criticality: { high: "high risk", low: "low risk", "unable-to-assess": "risk not assessed" },
};

const fr = {
  title: "Données de santé partagées",
  reading: "Lecture du lien…",
  offered: "Quelqu’un partage des données de santé avec vous",
  label: "Nom donné au partage",
  no_label: "Aucun nom n’a été donné",
  host: "Conservé chez",
  expires: "Prend fin",
  no_expiry: "Le lien ne le dit pas",
  over: "{when} – c’est terminé",
  promise: "Rien n’a encore été demandé. Les données ne s’ouvrent que dans ce navigateur : la clé est dans votre lien, et l’hôte ne l’a pas.",
  recipient: "Votre nom",
  recipient_why: "La personne qui partage le voit dans la liste de ceux qui ont regardé. Il n’est pas vérifié.",
  recipient_missing: "Écrivez d’abord votre nom.",
  passcode: "Code d’accès",
  passcode_why: "La personne qui partage vous le donne.",
  passcode_missing: "Ce lien demande un code d’accès.",
  open: "Ouvrir les données",
  opening: "Ouverture…",
  patient: "Patient",
  name: "Nom",
  born: "Date de naissance",
  gender: "Sexe",
  allergies: "Allergies",
  medications: "Médicaments",
  conditions: "Problèmes de santé",
  vitals: "Signes vitaux et résultats",
  documents: "Documents",
  not_recorded: "Non renseigné",
  nothing: "Rien de ce genre n’a été partagé. Cela ne veut pas dire qu’il n’y en a pas.",
  unnamed: "Aucun nom n’a été noté",
  others: "Également partagé, et non affiché par cette page : {list}",
  modified: "Cette entrée porte une remarque que cette page ne comprend pas et qui peut en changer le sens. Demandez à la personne qui l’a partagée.",
  not_given: "À ne pas prendre",
  refuted: "Écarté",
  reaction: "Réaction : {text}",
  since: "depuis {when}",
  until: "jusqu’au {when}",
  save: "Enregistrer « {name} »",
  file: "fichier",
  picture: "Image de « {name} »",
  copied_from: "Ouvert {when}. Signé par personne : considérez-le comme ce que la personne vous a remis, et vérifiez ce qui compte.",
  print: "Imprimer",
  again: "Réessayer",
  empty: "Il n’y a pas de lien dans cette adresse",
  empty_why: "Ouvrez le lien entier que vous avez reçu, de shlink: jusqu’à la fin, ou scannez de nouveau le code.",
  damaged: "Ce lien, ou ce à quoi il mène, est endommagé",
  damaged_why: "Copiez de nouveau le lien entier, ou demandez-en un nouveau.",
  newer: "Ce lien est plus récent que cette page",
  newer_why: "Demandez un autre moyen à la personne qui partage.",
  elsewhere: "Ce lien est conservé chez un autre hôte",
  elsewhere_why: "Cette page n’ouvre que les liens de son propre hôte, pour que rien de vous n’aille ailleurs. Ouvrez le lien avec la page ou le programme dont il vient.",
  gone: "Rien n’est partagé sous ce lien à présent",
  gone_why: "Il a pris fin, a été épuisé ou a été repris. Demandez à la personne qui partage.",
  often: "Ce lien a été demandé trop souvent",
  often_why: "Attendez une minute, puis réessayez.",
  wrong: "Le code d’accès n’est pas le bon",
  wrong_left: { one: "Il reste un essai.", many: "Il reste {n} essais." },
  wrong_none: "Il ne reste aucun essai : le lien est fermé. Demandez à la personne qui partage.",
  unreachable: "L’hôte ne répond pas",
  unreachable_why: "Vérifiez le réseau et réessayez. Aucune ouverture n’a été perdue si rien n’a été affiché.",
  large: "Ce qui est partagé est trop grand pour cette page",
  large_why: "Demandez moins à la fois à la personne qui partage.",
  insecure: "Ce navigateur n’ouvre pas de données à une adresse non protégée",
  insecure_why: "L’adresse de cette page commence par http:, et les navigateurs gardent alors pour eux leurs moyens de déchiffrement. Votre lien est bon. Ouvrez-le avec un programme pour les SMART Health Links, comme Aidpost sur un ordinateur de ce réseau, ou demandez à la personne qui partage un lien qui marche partout.",
  old: "Ce navigateur est trop ancien pour ouvrir les données",
  old_why: "Utilisez une version actuelle de Firefox, Chrome, Edge ou Safari.",
  status: { active: "actif", completed: "terminé", stopped: "arrêté", "on-hold": "suspendu", inactive: "inactif", resolved: "résolu", remission: "en rémission", recurrence: "revenu", relapse: "revenu", intended: "prévu", "not-taken": "non pris", cancelled: "annulé", draft: "brouillon", unknown: "état inconnu" },
  genders: { female: "féminin", male: "masculin", other: "autre", unknown: "inconnu" },
  absent: { "no-known-allergies": "Aucune allergie connue", "no-known-medication-allergies": "Aucune allergie connue à un médicament", "no-known-environmental-allergies": "Aucune allergie connue à l’environnement", "no-known-food-allergies": "Aucune allergie alimentaire connue", "no-allergy-info": "Rien n’est connu sur les allergies", "no-known-medications": "Aucun médicament connu", "no-medication-info": "Rien n’est connu sur les médicaments", "no-known-problems": "Aucun problème de santé connu", "no-problem-info": "Rien n’est connu sur les problèmes de santé" },
  criticality: { high: "risque élevé", low: "risque faible", "unable-to-assess": "risque non évalué" },
};

export const language = (navigator.languages ?? [navigator.language]).map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag === "en" || tag === "fr") ?? "en";
const words = { en, fr }[language];

/** A sentence, with values in its braces. */
export function say(key, values = {}) {
  return fill(words[key], values);
}

/** A sentence about a number. */
export function sayCount(key, n) {
  return fill(words[key][new Intl.PluralRules(language).select(n) === "one" ? "one" : "many"], { n });
}

/** A word for a code, or the code itself where there is none. */
export function word(list, code) {
  return words[list][code] ?? code;
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** A FHIR date or instant: only as exact as it is written. */
export function dateWord(text) {
  if (typeof text !== "string") return null;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = new Date(text);
  if ((!day && !/^\d{4}-\d{2}-\d{2}T/.test(text)) || Number.isNaN(at.getTime())) return text;
  return timeWord(at, day);
}

/** A time in the browser's way of writing; a day alone is that day everywhere. */
export function timeWord(at, day = false) {
  const form = day ? { dateStyle: "long", timeZone: "UTC" } : { dateStyle: "long", timeStyle: "short" };
  return new Intl.DateTimeFormat(language, form).format(at);
}

/** Both catalogues, for the test that neither lacks a word. */
export const catalogues = { en, fr };
