import { Trans } from "@lingui/react/macro";
import css from "./Shares.module.css";

/** What a share can promise, and what it cannot. Said before it is made. */
export function Promises({ direct, anywhere }: { direct: boolean; anywhere: boolean }) {
  return (
    <div className={`${css.promise} secondary`}>
      <div>
        <strong>
          <Trans>What you can rely on</Trans>
        </strong>
        <ul>
          <li>
            <Trans>Only what is chosen here is in it, encrypted with a key that is in the code alone.</Trans>
          </li>
          <li>
            <Trans>Each opening is written down: when, and who they said they were.</Trans>
          </li>
          <li>
            {anywhere ? <Trans>Pausing or revoking stops every later opening, once this computer has reached the database.</Trans> : <Trans>Pausing or revoking stops every later opening.</Trans>}
          </li>
        </ul>
      </div>
      <div>
        <strong>
          <Trans>What cannot be taken back</Trans>
        </strong>
        <ul>
          <li>
            <Trans>What was opened can be copied and kept. Nobody can reach into another device.</Trans>
          </li>
          <li>
            <Trans>Whoever holds the code can use it: the name they give is not checked.</Trans>
          </li>
          <li>
            {direct ? <Trans>At the desk the code gives the file itself: no passcode stands before it.</Trans> : <Trans>The code can be passed on. A passcode makes that harder, not impossible.</Trans>}
          </li>
        </ul>
      </div>
    </div>
  );
}
