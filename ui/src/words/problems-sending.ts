import { msg } from "@lingui/core/macro";
import { say, type Explanation } from "./explanation";

/** Proving who is there, and the second factor. */
export const FACTOR: Record<string, Explanation> = {
  step_up_needed: say(msg`This asks for your passphrase once more.`, msg`Give it, and the code of your second factor if you use one.`),
  wrong_code: say(msg`This code is not right.`, msg`Use the newest code of the app, or one of your backup codes. Is this computer's clock right?`),
  code_was_used: say(msg`This code was used before.`, msg`Wait until the app shows the next one, or use another backup code.`),
  code_needed: say(msg`A code of your second factor is asked for too.`, msg`Use the six digits that the app shows, or one of your backup codes.`),
  too_many_codes: say(msg`Too many wrong codes.`, msg`Wait a little before the next attempt. Nothing is deleted.`),
};

const askSender = msg`Ask whoever looks after the mail server, and show them the reference.`;
const checkSending = msg`Check it under “Sending codes”, and test it there.`;

/** Codes that are sent, and how they get there. */
export const SENDING: Record<string, Explanation> = {
  no_address: say(msg`There is no address to send a code to.`, msg`Enter it and save it first.`),
  too_many_sent: say(msg`Five codes were sent within an hour.`, msg`Wait until an hour has passed since the first. Meanwhile, look in the spam folder.`),
  wrong_sent_code: say(msg`This is not the code that was sent.`, msg`Compare it digit by digit, and use the newest message.`),
  code_over: say(msg`This code is over.`, msg`It was used, is older than ten minutes, or was wrong five times. Send another one.`),
  sending_not_set: say(msg`This clinic cannot send there yet.`, msg`An administrator enters the account under Settings, “Sending codes”.`),
  "mail.tls_required": say(msg`Without protection, mail may go to a server on this computer only.`, msg`Choose TLS or STARTTLS.`),
  "mail.login": say(msg`The mail server refused the login.`, msg`Check the login name and the password. Some providers want a password made for programs.`),
  "mail.recipient": say(msg`The mail server does not accept this address, or the sender's.`, msg`Check both addresses letter by letter.`),
  "mail.busy": say(msg`The mail server cannot take the message now.`, msg`Try again in a few minutes.`),
  "mail.refused": say(msg`The mail server refused the message.`, askSender),
  "mail.tls": say(msg`The mail server could not prove who it is.`, msg`Do not go around this. Check the server's name, the port and the protection.`),
  "mail.ca_unreadable": say(msg`This is no certificate of an authority in PEM.`, msg`Paste the whole text, from BEGIN CERTIFICATE to END CERTIFICATE, without any private key.`),
  "mail.no_starttls": say(msg`The mail server does not offer what was asked of it.`, msg`Choose the other protection: TLS with port 465, or STARTTLS with port 587.`),
  "mail.not_smtp": say(msg`Something other than a mail server answers there.`, msg`Check the server's name, the port and the protection.`),
  "mail.unreachable": say(msg`The mail server cannot be reached.`, msg`Is the network there? Check the server's name, the port and the protection.`),
  "sms.login": say(msg`The SMS gateway refused the account.`, msg`Check the account SID and the token.`),
  "sms.recipient": say(msg`The SMS gateway does not send to this number.`, msg`Check the number with its country's code, and whether the gateway may write to that country.`),
  "sms.busy": say(msg`The SMS gateway cannot take the message now.`, msg`Try again in a few minutes.`),
  "sms.refused": say(msg`The SMS gateway refused the message.`, checkSending),
  "sms.unreachable": say(msg`The SMS gateway cannot be reached.`, msg`Is the network there? Try again in a moment.`),
};
