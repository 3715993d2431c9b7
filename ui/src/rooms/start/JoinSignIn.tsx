import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import type { JoiningOutside } from "../../bindings/JoiningOutside";
import type { JoiningView } from "../../bindings/JoiningView";
import { Outside } from "../../app/Outside";
import { preferences } from "../../app/preferences";
import { useTell } from "../../app/queries";
import { VisitWaiting } from "../../app/VisitWaiting";
import { Failed } from "../../parts/DataState";
import { Fields, FormButtons } from "../../parts/fields";

interface Props {
  outside: JoiningOutside;
  /** The request with the proof in it, or as it is when the sign-in was given up. */
  onRequest: (request: JoiningView) => void;
  onSkip: () => void;
}

/** Before the request is carried over: the clinic would like to know who asks from a provider that it trusts. Nobody has to. */
export function JoinSignIn({ outside, onRequest, onSkip }: Props) {
  const { t } = useLingui();
  const begin = useTell("session.join_sign_in");
  const wait = useTell("session.join_signed_in");
  const cancel = useTell("session.join_sign_in_cancel");
  const start = () => {
    wait.reset();
    begin.mutate({ language: preferences().language }, { onSuccess: ({ visit }) => wait.mutate({ id: visit }, { onSuccess: onRequest }) });
  };
  const giveUp = () => cancel.mutate({}, { onSuccess: (request) => (wait.reset(), onRequest(request)) });
  const problem = begin.error ?? wait.error ?? cancel.error;
  const { provider, issuer } = outside;
  return (
    <Outside title={<Trans>Sign in at {provider} first?</Trans>} note={<Trans>You can go on without. The sixteen characters are compared either way.</Trans>}>
      <Fields>
        <p>
          <Trans>The one who invited you would like to see an account of yours at {provider}. The proof goes into your request, with your name and address there. Your password stays with the provider.</Trans>
        </p>
        <p className="secondary">
          <Trans>The browser goes to {issuer}. Do you know this address as your clinic’s? If not, go on without.</Trans>
        </p>
        {wait.isPending && begin.data ? (
          <VisitWaiting name={provider} address={begin.data.address} onGiveUp={giveUp} />
        ) : (
          <>
            {problem ? <Failed problem={problem} /> : null}
            <FormButtons>
              <Button variant="default" onClick={onSkip}>
                <Trans>Go on without</Trans>
              </Button>
              <Button loading={begin.isPending} onClick={start}>
                {t`Sign in at ${provider}`}
              </Button>
            </FormButtons>
          </>
        )}
      </Fields>
    </Outside>
  );
}
