import { useLingui } from "@lingui/react/macro";
import { NativeSelect } from "@mantine/core";
import { useAsk } from "../../app/queries";
import { Failed } from "../../parts/DataState";

/** Does the invitation wish for a sign-in at one of the clinic's providers? Nothing where the clinic has none. */
export function SignInWish({ value, onChange }: { value: string | null; onChange: (provider: string | null) => void }) {
  const { t } = useLingui();
  const providers = useAsk("oidc.providers", {});
  if (providers.error) return <Failed problem={providers.error} />;
  const offered = providers.data?.providers ?? [];
  if (offered.length === 0) return null;
  const data = [{ value: "", label: t`Not asked for` }, ...offered.map(({ id, name }) => ({ value: id, label: name }))];
  return (
    <NativeSelect
      label={t`Sign-in before they ask`}
      description={t`A wish: whoever joins may go on without. It shows you an account beside the sixteen characters, and replaces them never.`}
      data={data}
      value={value ?? ""}
      onChange={(event) => onChange(event.currentTarget.value || null)}
    />
  );
}
