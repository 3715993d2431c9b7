import { msg } from "@lingui/core/macro";
import { say, type Explanation } from "./explanation";

const beginAgain = msg`Begin again. Nothing was kept.`;
const askProvider = msg`Ask whoever looks after the provider, and show them the reference. Nothing was kept.`;
const beAlert = msg`Nothing was kept. Begin again; if it stays, tell an administrator before you use this provider again.`;
const checkIssuer = msg`Compare the address with what the provider gives as its issuer, letter by letter.`;

/** Signing in at a provider elsewhere. */
export const OUTSIDE: Record<string, Explanation> = {
  "oidc.tls_required": say(msg`A provider must be reached by a protected address.`, msg`Use an address that begins with https. Without it, only a provider on this computer is asked.`),
  "oidc.tls": say(msg`The provider could not prove which server it is.`, msg`Do not go around this. Check the address, and whether this computer's clock is right.`),
  "oidc.unreachable": say(msg`The provider cannot be reached.`, msg`Is the network there? Check the address and try again.`),
  "oidc.not_provider": say(msg`No provider answers at this address.`, checkIssuer),
  "oidc.wrong_issuer": say(msg`The answer comes from another provider than the one that was asked.`, checkIssuer),
  "oidc.unfit": say(msg`This provider cannot be used: it lacks something that protects the sign-in.`, msg`The reference names what is missing. Ask whoever looks after the provider.`),
  "oidc.too_large": say(msg`The provider sent far more than an answer.`, checkIssuer),
  "oidc.redirected": say(msg`The provider sent the program elsewhere instead of answering.`, msg`That is not followed. Enter the address that it finally leads to, if you trust it.`),
  "oidc.unreadable": say(msg`The provider's answer is not what was agreed.`, askProvider),
  "oidc.refused": say(msg`The provider refused.`, msg`Check the client identifier and the redirect address with the provider. The reference holds its own word.`),
  "oidc.declined": say(msg`You declined at the provider.`, beginAgain),
  "oidc.timeout": say(msg`The browser did not come back within five minutes.`, beginAgain),
  "oidc.cancelled": say(msg`Signing in at the provider was given up.`, beginAgain),
  "oidc.no_port": say(msg`The browser could not be given a way back to this program.`, msg`Another program on this computer may forbid it. Try again, or start the computer anew.`),
  "oidc.wrong_state": say(msg`The browser came back with an answer to another question.`, beAlert),
  "oidc.wrong_nonce": say(msg`The proof was made for another sign-in.`, beAlert),
  "oidc.wrong_audience": say(msg`The proof was made for another program.`, beAlert),
  "oidc.wrong_signature": say(msg`The proof is not signed by the provider in an accepted way.`, beAlert),
  "oidc.wrong_hash": say(msg`The parts of the provider's answer do not belong together.`, beAlert),
  "oidc.expired": say(msg`The proof is out of date.`, msg`Check that this computer's clock is right, then begin again. Nothing was kept.`),
  "oidc.not_fresh": say(msg`The provider did not ask who is there now.`, msg`Some providers never do: then use a code of your second factor.`),
  "oidc.other_account": say(msg`This is not an account that you linked.`, msg`Sign in with the linked one, or use a code of your second factor.`),
  "oidc.already_linked": say(msg`This account is linked already.`, msg`There is nothing to do.`),
  "oidc.not_offered": say(msg`The proof is from a provider that your clinic does not use.`, msg`If it should, an administrator enters it in the settings.`),
  "oidc.other_subject": say(msg`The request names another account than its proof.`, beAlert),
  "oidc.over": say(msg`The proof from the provider was used, or is older than five minutes.`, msg`Prove it once more, or use a code of your second factor.`),
};
