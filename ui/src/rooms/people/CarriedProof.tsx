import { Trans, useLingui } from "@lingui/react/macro";
import type { CarriedView } from "../../bindings/CarriedView";
import type { RequestOutside } from "../../bindings/RequestOutside";
import { useAsk } from "../../app/queries";
import { Banner } from "../../parts/Banner";
import { DataState } from "../../parts/DataState";
import { explain } from "../../words/problems";

/** What a request says of a sign-in at a provider, checked with this computer's own network. It replaces no comparison. */
export function CarriedProof({ request, outside }: { request: string; outside: RequestOutside }) {
  const { provider } = outside;
  if (!outside.given) {
    return (
      <p className="secondary">
        <Trans>The invitation wished for a sign-in at {provider}. This request carries none: the sixteen characters alone say who asks.</Trans>
      </p>
    );
  }
  return <Checked request={request} provider={provider} />;
}

function Checked({ request, provider }: { request: string; provider: string }) {
  const check = useAsk("people.check_outside", { request }, { forget: true });
  return (
    <DataState query={check} rows={1}>
      {(view) => <Verdict view={view} provider={provider} />}
    </DataState>
  );
}

function Verdict({ view, provider }: { view: CarriedView; provider: string }) {
  const { t, i18n } = useLingui();
  if (view.outcome === "verified") {
    const who = view.name ?? view.email ?? view.subject;
    return (
      <Banner tone="ok" title={t`Signed in at ${provider} as ${who}.`}>
        <Address email={view.email} verified={view.email_verified} /> <Trans>The account is linked to them when you let them in. Compare the sixteen characters all the same.</Trans>
      </Banner>
    );
  }
  const why = i18n._(explain(view.code).what);
  if (view.outcome === "unchecked") {
    return (
      <Banner tone="warn" title={view.code === "oidc.unreachable" ? t`Not checked: there is no network, or ${provider} does not answer.` : t`Not checked: ${why}`}>
        <Trans>The request says that they signed in at {provider}, and nobody has looked whether that is true. No account is linked.</Trans>
      </Banner>
    );
  }
  return (
    <Banner tone="crit" title={t`Refused: ${why}`} urgent>
      <Trans>What the request says of {provider} does not hold. Ask them, by a voice you know, what happened before you let them in. No account is linked.</Trans>
    </Banner>
  );
}

function Address({ email, verified }: { email: string | null; verified: boolean }) {
  if (email === null) return <Trans>No address is given.</Trans>;
  return verified ? <Trans>Address {email}, verified there: yes.</Trans> : <Trans>Address {email}, verified there: no.</Trans>;
}
