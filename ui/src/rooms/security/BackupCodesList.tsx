import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Checkbox, CopyButton } from "@mantine/core";
import { IconCheck, IconCopy, IconPrinter } from "@tabler/icons-react";
import { useState } from "react";
import { PrintSheet } from "../../app/PrintSheet";
import { useMe } from "../../app/session";
import { Banner } from "../../parts/Banner";
import { Fields, FormButtons } from "../../parts/fields";
import css from "./Security.module.css";

interface Props {
  codes: readonly string[];
  onDone: () => void;
}

/** Codes on paper: shown once. */
export function BackupCodesList({ codes, onDone }: Props) {
  const { t } = useLingui();
  const me = useMe();
  const [kept, setKept] = useState(false);
  return (
    <Fields>
      <Banner tone="warn" title={<Trans>They are shown once.</Trans>}>
        <Trans>Each is good for one use when the app is not at hand. Keep them on paper, apart from this computer. Any earlier codes no longer work.</Trans>
      </Banner>
      <ol className={`${css.codes} mono`} aria-label={t`Backup codes`}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className={css.buttons}>
        <Button variant="default" size="compact-md" leftSection={<IconPrinter size="1rem" aria-hidden />} onClick={() => window.print()}>
          <Trans>Print</Trans>
        </Button>
        <CopyButton value={codes.join("\n")}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-md" onClick={copy} leftSection={copied ? <IconCheck size="1rem" aria-hidden /> : <IconCopy size="1rem" aria-hidden />}>
              {copied ? <Trans>Copied</Trans> : <Trans>Copy</Trans>}
            </Button>
          )}
        </CopyButton>
      </div>
      <Checkbox checked={kept} onChange={(event) => setKept(event.currentTarget.checked)} label={t`I have written them down or printed them`} />
      <FormButtons>
        <Button disabled={!kept} onClick={onDone}>
          <Trans>Done</Trans>
        </Button>
      </FormButtons>
      <PrintSheet title={<Trans>Aidpost backup codes</Trans>} me={me}>
        <ol className="mono">
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
      </PrintSheet>
    </Fields>
  );
}
