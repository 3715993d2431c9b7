import { Trans, useLingui } from "@lingui/react/macro";
import { Button, TextInput } from "@mantine/core";
import { IconFolder } from "@tabler/icons-react";
import { useState, type ReactNode } from "react";
import { useHost } from "../host/HostContext";
import { asProblem, type Problem } from "../host/problem";
import { Failed } from "../parts/DataState";

interface Props {
  value: string;
  onChange: (folder: string) => void;
  description: ReactNode;
  required?: boolean;
  error?: ReactNode;
}

/** A folder of this computer: its path, typed, or chosen where the program can show the system's dialog. */
export function FolderField({ value, onChange, description, required, error }: Props) {
  const { t } = useLingui();
  const host = useHost();
  const [problem, setProblem] = useState<Problem | null>(null);
  const choose = () => {
    setProblem(null);
    host
      .chooseFolder?.()
      .then((folder) => folder && onChange(folder))
      .catch((thrown: unknown) => setProblem(asProblem(thrown)));
  };
  return (
    <div>
      <TextInput label={t`Folder of the backups`} description={description} required={required} spellCheck={false} autoComplete="off" value={value} onChange={(event) => onChange(event.currentTarget.value)} error={error} />
      {host.chooseFolder ? (
        <Button variant="subtle" size="compact-sm" mt="xs" leftSection={<IconFolder size="1rem" aria-hidden />} onClick={choose}>
          <Trans>Choose a folder</Trans>
        </Button>
      ) : null}
      {problem ? <Failed problem={problem} /> : null}
    </div>
  );
}
