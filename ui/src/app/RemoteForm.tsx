import { Trans, useLingui } from "@lingui/react/macro";
import { Button, PasswordInput } from "@mantine/core";
import { IconPlugConnected } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import type { RemoteTest } from "../bindings/RemoteTest";
import { Banner } from "../parts/Banner";
import { ConfirmDialog } from "../parts/ConfirmDialog";
import { Failed } from "../parts/DataState";
import { Fields, FormButtons } from "../parts/fields";
import { explain } from "../words/problems";
import { useTell } from "./queries";

interface Props {
  /** Host and database in use, without the login; null where none is set. */
  current: string | null;
  onDone: () => void;
}

/** The address of the remote: tried first, kept when wanted. It holds a login, so it is covered like one. */
export function RemoteForm({ current, onDone }: Props) {
  const { t } = useLingui();
  const [address, setAddress] = useState("");
  const [forgetting, setForgetting] = useState(false);
  const test = useTell("sync.test_remote");
  const set = useTell("sync.set_remote");
  const given = address.trim();
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (given) set.mutate({ address: given }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={save} noValidate>
      <Fields>
        <PasswordInput
          label={t`Connection address`}
          description={t`A MongoDB replica set; one node is enough. It begins with mongodb:// or mongodb+srv://.`}
          placeholder="mongodb://…"
          autoComplete="off"
          visibilityToggleButtonProps={{ "aria-label": t`Show or hide the address` }}
          value={address}
          onChange={(event) => {
            setAddress(event.currentTarget.value);
            test.reset();
          }}
        />
        {test.data ? <TestResult result={test.data} /> : null}
        {test.error ? <Failed problem={test.error} /> : null}
        {set.error ? <Failed problem={set.error} /> : null}
        <FormButtons>
          {current !== null ? (
            <>
              <Button color="red" variant="default" onClick={() => setForgetting(true)}>
                <Trans>Forget the remote</Trans>
              </Button>
              <Button variant="default" onClick={onDone}>
                <Trans>Cancel</Trans>
              </Button>
            </>
          ) : null}
          <Button variant="default" leftSection={<IconPlugConnected size="1.1rem" aria-hidden />} disabled={!given} loading={test.isPending} onClick={() => test.mutate({ address: given })}>
            <Trans>Test the connection</Trans>
          </Button>
          <Button type="submit" disabled={!given} loading={set.isPending}>
            <Trans>Use it</Trans>
          </Button>
        </FormButtons>
      </Fields>
      <ConfirmDialog
        opened={forgetting}
        onClose={() => setForgetting(false)}
        title={t`Forget the remote?`}
        confirm={<Trans>Forget it</Trans>}
        danger
        busy={set.isPending}
        onConfirm={() =>
          set.mutate(
            { address: null },
            {
              onSuccess: () => {
                setForgetting(false);
                onDone();
              },
            },
          )
        }
      >
        <Trans>Nothing is deleted, here or there. New changes stay on this device until a remote is set again.</Trans>
      </ConfirmDialog>
    </form>
  );
}

function TestResult({ result }: { result: RemoteTest }) {
  const { i18n, t } = useLingui();
  if (result.ok) {
    return (
      <Banner tone="ok" title={t`The connection works.`}>
        {result.host}
      </Banner>
    );
  }
  const { what, next } = explain(result.problem ?? "unexpected");
  return (
    <Banner tone="warn" title={i18n._(what)}>
      {i18n._(next)} {result.sentence ? <span className="secondary">({result.sentence})</span> : null}
    </Banner>
  );
}
