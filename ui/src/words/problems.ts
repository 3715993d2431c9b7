import { msg } from "@lingui/core/macro";
import { say, type Explanation } from "./explanation";
import { OUTSIDE } from "./problems-outside";
import { FACTOR, SENDING } from "./problems-sending";

export type { Explanation } from "./explanation";

const anotherFile = msg`Choose another file, or ask the sender for a new one.`;
const newLink = msg`Ask the person who gave it to you for a new link.`;
const waitAndRetry = msg`Wait a moment and try again. Your changes are kept meanwhile.`;
const askAdmin = msg`Show this to whoever looks after the remote. Your changes are kept meanwhile.`;
const checkAddress = msg`Check the address letter by letter, or ask whoever looks after the remote.`;
const anotherInvitation = msg`Ask for a new invitation and begin again.`;
const exportAgain = msg`Export the recording again from the recorder, as WAV or CSV.`;

const checkFailed = say(
  msg`This record does not agree with itself: older parts were put back, or the disk is damaged.`,
  msg`It can be read, but nothing is written any more. Keep the folder, and add this computer as a new device.`,
);

/** Anything, and the door. */
const GENERAL: Record<string, Explanation> = {
  unexpected: say(msg`Something went wrong that we did not foresee.`, msg`Nothing that was saved is lost. Try again; if it happens again, copy the reference and report it.`),
  internal: say(msg`Something went wrong inside the program.`, msg`Nothing that was saved is lost. Try again; if it happens again, copy the reference and report it.`),
  host_gone: say(msg`The program behind this window does not answer.`, msg`Close the window and open Aidpost again. Saved work and drafts are kept.`),
  unknown_request: say(msg`This part of the window is newer or older than the program behind it.`, msg`Close Aidpost and open it again; if it stays, install it anew.`),
  invalid_request: say(msg`The program did not understand what the window asked.`, msg`Close Aidpost and open it again; if it stays, copy the reference and report it.`),
  invalid_input: say(msg`One of the entries cannot be right.`, msg`Look through the fields and correct it. Nothing was saved yet.`),
  not_found: say(msg`This entry is not here, or not for you.`, msg`It may have been archived, or it has not come to this device yet.`),
  not_allowed: say(msg`Your role does not allow this.`, msg`Ask an administrator of the clinic.`),
  chart_restricted: say(msg`This chart is restricted to some members of the clinic.`, msg`Open it from the list of patients: it says who opens it, and what to do in an emergency.`),
  locked: say(msg`The record is locked.`, msg`Unlock it with your passphrase. Drafts are kept.`),
  already_open: say(msg`A record is open already.`, msg`Lock it first, then open the other.`),
  cannot_be_changed: say(msg`This entry can no longer be changed.`, msg`Add a new entry that corrects it.`),
  already_taken: say(msg`Another entry has the same value here, and it must be unique.`, msg`Open the other entry, or use another value.`),
  disk_full: say(msg`The disk is full. Nothing was saved.`, msg`Make room on this computer and try again. What you typed is still here.`),
};

/** The vault and its keys. */
const VAULT: Record<string, Explanation> = {
  wrong_passphrase: say(msg`This is not the passphrase of this record.`, msg`Check capital letters and the keyboard's language. Your recovery kit is the way back if it is forgotten.`),
  weak_passphrase: say(msg`This passphrase is too easy to guess.`, msg`Use several unrelated words, at least 12 characters in all.`),
  too_many_attempts: say(msg`Too many wrong passphrases.`, msg`Wait a little before the next attempt. Nothing is deleted.`),
  wrong_pin: say(msg`This is not the PIN of this record.`, msg`Try again, or use the passphrase.`),
  weak_pin: say(msg`This PIN is too short.`, msg`Use six digits or more.`),
  pin_ended: say(msg`Too many wrong PINs: the PIN was taken away.`, msg`Unlock with your passphrase. Nothing else was deleted; you can set a new PIN afterwards.`),
  pin_not_usable: say(msg`The PIN is good for twelve hours after the passphrase, and until the computer starts anew.`, msg`Unlock with your passphrase.`),
  sent_code_needed: say(msg`The code that was sent is needed too.`, msg`Send a code and type it here.`),
  certificate_needed: say(msg`The certificate must be seen before the record goes.`, msg`Close this, open it again and let the certificate be shown.`),
  session_ended: say(msg`The session on this computer was ended from another of your devices.`, msg`Unlock with your passphrase to begin a new one. The PIN was taken away; you can set a new one afterwards.`),
  no_keychain: say(msg`This computer has no keychain that answers.`, msg`Start or unlock the keychain of your desktop, then try again. Without one, go on with the passphrase.`),
  keychain_silent: say(msg`The keychain of this computer does not give what it keeps.`, msg`Unlock the keychain of your desktop and try again. If it is lost, open the record with your recovery kit.`),
  kit_unreadable: say(msg`This is not the whole text of a recovery kit, or a letter of it is wrong.`, msg`Compare it with the sheet group by group.`),
  wrong_kit: say(msg`This kit belongs to another record, or was replaced by a newer one.`, msg`Look at the name, the date and the fingerprint on the sheet.`),
  root_kit_unreadable: say(msg`This is not the whole text of the clinic's key, or a letter of it is wrong.`, msg`Compare it with the sheet. It begins with ROOT1:.`),
  wrong_root_kit: say(msg`This is the key of another clinic.`, msg`Look for the sheet that was printed when this record was made.`),
  root_refuses: say(msg`The key of the clinic is not for this.`, msg`A clinic keeps one head administrator; nobody removes themself; a head administrator is made of somebody who works here.`),
  card_unreadable: say(msg`This is not the whole text of a database card, or a letter of it is wrong.`, msg`Read the code from a picture of the card, or copy the text again.`),
  not_in_database: say(msg`The database does not know the person whose kit this is.`, msg`Check that card and kit belong together. If nothing was ever synced, there is nothing to come back to.`),
  kit_not_usable: say(msg`This record cannot be opened with the kit alone: it was last opened by an older Aidpost.`, msg`Use the passphrase once, or another of your devices.`),
  not_a_vault: say(msg`This folder holds no record.`, msg`It may have been moved. Look for the folder with your records, or restore a backup.`),
  vault_damaged: say(msg`This record is damaged and was not opened.`, msg`Nothing was deleted. Restore the newest backup, or ask for help before anything else.`),
  vault_newer: say(msg`A newer Aidpost wrote this record.`, msg`Install the newest version on this computer.`),
  vault_in_use: say(msg`This record is open in another window.`, msg`Close the other window first.`),
  folder_not_writable: say(msg`The folder of the records cannot be written to.`, msg`Check the rights of the folder, and whether the disk is read-only.`),
  vault_check_failed: checkFailed,
  vault_is_a_copy: say(msg`This record is a copy of one on another computer.`, msg`It can be read, but must be added as a new device before it sends anything.`),
  check_differs: say(msg`The sixteen characters do not agree.`, msg`Let them be read out again. If they still differ, somebody changed the request: do not let it in.`),
  invitation_used: say(msg`This invitation was used before.`, anotherInvitation),
  invitation_ended: say(msg`This invitation is over.`, anotherInvitation),
  invitation_unreadable: say(msg`This text is damaged or incomplete.`, msg`Copy it again from its first to its last letter.`),
  wrong_place: say(msg`This text belongs to another request.`, msg`Use the one that was made for this device.`),
  signature_wrong: say(msg`The signature does not hold: something was changed on the way.`, msg`Do not use it. Begin again, and carry the text in another way.`),
  unknown_invitation: say(msg`This invitation, or who made it, is not known here.`, msg`Sync, then try again; if it stays, ask for a new invitation.`),
  foreign_key: say(msg`The key is not the one that was signed for.`, msg`Do not use it. Begin again, and carry the text in another way.`),
  too_many_waiting: say(msg`Too much waits for something that has not come yet.`, msg`Sync, then try again.`),
};

/** The remote and the engine. */
const REMOTE: Record<string, Explanation> = {
  no_remote: say(msg`No remote is set.`, msg`Set one in the sync centre, or go on working on this device alone.`),
  "remote.none": say(msg`No remote is set.`, msg`Set one in the sync centre, or go on working on this device alone.`),
  "address.scheme": say(msg`The address does not begin with mongodb:// or mongodb+srv://.`, checkAddress),
  "address.malformed": say(msg`The address is not complete.`, checkAddress),
  "address.tls_required": say(msg`The address leaves the connection unprotected.`, msg`Add tls=true. Only a server on this computer may do without.`),
  "address.tls_weakened": say(msg`The address switches off a part of the protection.`, msg`Take the tls options out of it that allow invalid certificates or names.`),
  "address.mechanism": say(msg`This way to log in is not supported.`, msg`Use a user name and password (SCRAM), or a certificate (X.509).`),
  "remote.dns": say(msg`The name of the remote is not known on this network.`, checkAddress),
  "remote.unreachable": say(msg`The remote cannot be reached.`, msg`Is the network there? Everything can be used meanwhile, and changes are sent later.`),
  "remote.tls": say(msg`The remote could not prove who it is.`, msg`Do not go around this. Ask whoever looks after the remote about its certificate.`),
  "remote.login": say(msg`The remote refused the login.`, msg`Set the address again with the right user name and password.`),
  "remote.standalone": say(msg`The remote is a single server without a replica set.`, msg`Restart it with --replSet and run rs.initiate() once; one server is enough.`),
  "remote.not_initiated": say(msg`The remote's replica set was never started.`, msg`Run rs.initiate() on it once.`),
  "remote.no_primary": say(msg`The remote is choosing a new leader.`, waitAndRetry),
  "remote.not_mongodb": say(msg`Something else than MongoDB answers at this address.`, checkAddress),
  "remote.too_old": say(msg`The remote's MongoDB is too old.`, askAdmin),
  "remote.interrupted": say(msg`The connection broke off.`, waitAndRetry),
  "remote.busy": say(msg`The remote is busy.`, waitAndRetry),
  "remote.forbidden": say(msg`The login may not read or write this database.`, askAdmin),
  "remote.other_realm": say(msg`This database belongs to another clinic.`, msg`Set the address of your own. Nothing was sent.`),
  "remote.full": say(msg`The remote is full.`, askAdmin),
  "remote.no_realm": say(msg`The remote holds nothing of this clinic yet.`, msg`Let the first device of the clinic sync once.`),
  "remote.answer": say(msg`The remote gave an answer that makes no sense.`, askAdmin),
  "remote.refused": say(msg`The remote refused.`, askAdmin),
  "device.clone": say(msg`This record was restored or copied: another device writes under the same name.`, msg`It is given a name of its own and fetches everything again. Nothing is lost. If this stays, add this computer as a new device.`),
  "vault.check_failed": checkFailed,
  "program.too_old": say(msg`The clinic's data needs a newer Aidpost.`, msg`Install the newest version. You can go on working; changes are sent after that.`),
  "vault.disk_full": say(msg`The disk is full, so nothing more can be fetched.`, msg`Make room on this computer.`),
  "vault.locked": say(msg`The record was locked while it synced.`, msg`It goes on after you unlock.`),
  "vault.failed": say(msg`The record on this computer could not be read or written.`, msg`Copy the reference and report it. Nothing that was saved is lost.`),
  "sync.paused": say(msg`Syncing is paused.`, msg`Press “Go on” in the sync centre.`),
  "sync.stopped": say(msg`Syncing has stopped.`, msg`Lock and unlock the record to start it again.`),
  "server.local": say(msg`The server on this computer could not be started.`, msg`Copy the reference and report it.`),
};

/** Links, codes and what is behind them. */
const SHARES: Record<string, Explanation> = {
  not_a_link: say(msg`This is not a SMART Health Link.`, msg`Such a link begins with shlink:/ or has shlink:/ after a # sign.`),
  link_too_long: say(msg`This text is too long for a link.`, msg`Copy only the link itself.`),
  damaged_link: say(msg`This link is damaged.`, msg`Copy it again in full, or ask for a new one.`),
  newer_link: say(msg`This link uses a newer version of the standard.`, msg`Install the newest Aidpost.`),
  bad_link: say(msg`This link cannot be made.`, msg`Shorten the name or change the options.`),
  link_expired: say(msg`This link is over.`, newLink),
  not_encrypted: say(msg`The file behind the link is not encrypted, as it must be.`, newLink),
  bad_jwe: say(msg`The file behind the link is malformed.`, newLink),
  foreign_encryption: say(msg`The file is encrypted in a way that is not allowed.`, newLink),
  wrong_key: say(msg`The key of this link does not open the file.`, newLink),
  too_much: say(msg`The shared file is larger than can be opened.`, msg`Ask for fewer records at once.`),
  bomb: say(msg`The shared file unpacks to far too much, as an attack would.`, msg`It was not opened. Tell the sender.`),
  too_much_to_share: say(msg`These records are too large for one share.`, msg`Share fewer at once.`),
  code_too_long: say(msg`This is too long for one QR code.`, msg`Copy the link instead.`),
  not_a_picture: say(msg`This is not a PNG or JPEG picture.`, msg`Choose a screenshot or a photo of the code.`),
  picture_too_large: say(msg`This picture is too large.`, msg`Crop it to the code and try again.`),
  no_code: say(msg`There is no QR code in this picture.`, msg`Take it again with the whole code and its white border in view.`),
  unreadable_code: say(msg`The QR code in this picture cannot be read.`, msg`Take it again closer, sharper and without glare.`),
  two_codes: say(msg`There are several codes in this picture.`, msg`Crop it to the one you mean.`),
  foreign_code: say(msg`The code in this picture is not what belongs here.`, msg`Choose a picture of the code you were given.`),
  health_card: say(msg`This is a SMART Health Card, not a link.`, msg`Ask the sender for a SMART Health Link instead.`),
  damaged_card: say(msg`This health card is damaged.`, msg`Take the picture again.`),
  address_refused: say(msg`The link leads to an address that must not be opened.`, msg`Nothing was fetched. Ask the sender for a new link.`),
  local_address: say(msg`The link leads to a computer on this network.`, msg`Tick that you know whose it is, then open it.`),
  host_unreachable: say(msg`The computer that holds the share cannot be reached.`, msg`Is the network there, and is the sender's device switched on?`),
  host_timed_out: say(msg`The computer that holds the share did not answer in time.`, msg`Try again in a moment.`),
  host_redirects: say(msg`The link sends on to another address, which is not followed.`, newLink),
  passcode_needed: say(msg`This share asks for a passcode.`, msg`The owner can tell it to you.`),
  wrong_passcode: say(msg`The passcode is wrong.`, msg`Ask the owner again. After a few wrong ones the share is closed for good.`),
  no_longer_shared: say(msg`This is no longer shared.`, msg`It ended, was taken back, or all its uses are spent. Ask the owner for a new link.`),
  try_later: say(msg`The share was asked for too often.`, msg`Try again in a minute.`),
  host_refused: say(msg`The computer that holds the share refused.`, newLink),
  bad_manifest: say(msg`The list of shared files is malformed.`, newLink),
  no_tls: say(msg`A protected connection could not be made.`, newLink),
  bad_passcode: say(msg`This passcode cannot be used.`, msg`Use 4 to 64 letters or digits.`),
  damaged_passcode: say(msg`The stored passcode is damaged.`, msg`Take the share back and make a new one.`),
  no_randomness: say(msg`The computer gave no random numbers, so nothing was made.`, msg`Try again.`),
  nothing_chosen: say(msg`Nothing is chosen.`, msg`Tick at least one entry.`),
  nothing_readable_shared: say(msg`The share holds nothing that can be read here.`, msg`Ask the sender what was meant to be in it.`),
  passcode_needs_manifest: say(msg`A passcode cannot be used with “At the desk”.`, msg`Choose “Keep sharing”, or leave the passcode out.`),
  link_host_failed: say(msg`This computer could not offer the share on the network.`, msg`Check the firewall, or hand the share over in another way.`),
};

/** Files, recordings and entries. */
const FILES: Record<string, Explanation> = {
  empty: say(msg`The file is empty.`, anotherFile),
  file_empty: say(msg`The file is empty.`, anotherFile),
  too_large: say(msg`The file is too large.`, msg`Ask for a shorter period, or for several files.`),
  file_too_large: say(msg`The file is too large.`, msg`At most 100 MB. Split it or save it smaller.`),
  file_type_not_accepted: say(msg`Files of this kind are not accepted.`, msg`Save it as PDF, picture, text or DICOM.`),
  file_not_here: say(msg`The file has not come to this device yet.`, msg`It is fetched with the next sync.`),
  not_text: say(msg`The file is not text.`, msg`Ask the sender for FHIR R4 in JSON.`),
  text_too_long: say(msg`The text is too long.`, msg`Shorten it, or split it in two.`),
  value_not_possible: say(msg`A value is outside of what is possible.`, msg`Check the number and its unit.`),
  allergies_are_recorded: say(msg`Allergies are recorded in this chart.`, msg`Remove them first if there are none.`),
  too_deep: say(msg`The file is nested deeper than any record.`, anotherFile),
  too_many: say(msg`The file holds too many entries.`, msg`Ask for a shorter period, or for several files.`),
  damaged_archive: say(msg`The compressed file is damaged.`, msg`Copy or download it again.`),
  xml: say(msg`The file is XML; JSON is needed.`, msg`Ask the sender for FHIR R4 in JSON.`),
  not_json: say(msg`The file is not JSON.`, msg`Ask the sender for FHIR R4 in JSON.`),
  truncated: say(msg`The file is cut off: its end is missing.`, msg`Copy or download it again.`),
  not_fhir: say(msg`The file is JSON but holds no FHIR record.`, msg`Ask the sender for FHIR R4 in JSON.`),
  other_version: say(msg`The file is another version of FHIR.`, msg`Ask the sender for FHIR R4 (4.0).`),
  unfit_bundle: say(msg`The file is FHIR, but of a kind that describes no chart.`, msg`Ask for a document or a collection.`),
  no_patient: say(msg`The file names no patient.`, msg`Ask for an export that includes the patient.`),
  import_stopped: say(msg`The filing was stopped. Nothing of it was stored.`, msg`The list above is still there: file it again, or keep none.`),
  several_patients: say(msg`The file holds several patients.`, msg`Choose one; each goes into a chart of their own.`),
  no_such_patient: say(msg`This patient is not in the file.`, msg`Choose again.`),
  no_microphone: say(msg`No microphone was found.`, msg`Connect one, or choose a recording from a file.`),
  microphone_failed: say(msg`The microphone stopped working.`, msg`Check that no other program uses it, then record again.`),
  already_recording: say(msg`A recording is already running.`, msg`Stop it first.`),
  not_recording: say(msg`No recording is running.`, msg`Start it again.`),
  recording_too_large: say(msg`The recording is too large.`, msg`Export a single test only.`),
  recording_empty: say(msg`The recording holds no data.`, exportAgain),
  recording_not_wav: say(msg`This is not a WAV recording.`, exportAgain),
  recording_truncated: say(msg`The recording is cut off: its end is missing.`, msg`Copy it again from the recorder.`),
  recording_sample_format: say(msg`The recording's sample format is not supported.`, msg`Export it as WAV with 16 or 24 bits.`),
  recording_sample_rate: say(msg`The recording's sampling rate is not supported.`, msg`Record at 44,100 or 48,000 samples a second.`),
  recording_channels: say(msg`The recording has too many channels.`, msg`Export one or two.`),
  recording_missing_column: say(msg`A column that is needed is missing from the table.`, msg`The reference says which. Name it in the heading and try again.`),
  recording_unknown_column: say(msg`A column that was named is not in the table.`, msg`The reference says which. Correct the name and try again.`),
  recording_duplicate_column: say(msg`A column is in the table twice.`, msg`The reference says which. Keep one and try again.`),
  recording_missing_unit: say(msg`The table does not say in which unit it was measured.`, msg`Put the unit into the heading, such as cop_x_mm.`),
  recording_not_a_number: say(msg`The table holds something that is no number.`, msg`The reference says where. Correct it, or export again.`),
  recording_short_row: say(msg`A row of the table is too short.`, exportAgain),
  recording_time_not_increasing: say(msg`The times in the table do not increase.`, exportAgain),
  recording_too_many_rows: say(msg`The table has too many rows for one test.`, msg`Export a single test only.`),
  recording_not_finite: say(msg`The recording holds values that are no numbers.`, exportAgain),
  recording_length_mismatch: say(msg`The columns of the recording differ in length.`, exportAgain),
  recording_too_short: say(msg`The recording is too short.`, msg`Record again, until the time on the screen has run.`),
};

const KNOWN: Record<string, Explanation> = { ...GENERAL, ...VAULT, ...REMOTE, ...FACTOR, ...SENDING, ...OUTSIDE, ...SHARES, ...FILES };

/** The explanation of a problem by its code; a code this version does not know gets the general one. */
export function explain(code: string): Explanation {
  return KNOWN[code] ?? (KNOWN.unexpected as Explanation);
}
