import { Trans } from "@lingui/react/macro";
import { Button, FileButton } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";

const MAX_BYTES = 1024 * 1024;

/** Reads a small text file into a field, for codes that came as a file. */
export function TextFileButton({ onText }: { onText: (text: string) => void }) {
  const take = async (file: File | null) => {
    if (file && file.size <= MAX_BYTES) onText((await file.text()).trim());
  };
  return (
    <div>
      <FileButton onChange={(file) => void take(file)} accept=".txt,text/plain">
        {(props) => (
          <Button {...props} variant="subtle" size="compact-sm" mt="xs" leftSection={<IconFileText size="1rem" aria-hidden />}>
            <Trans>From a file</Trans>
          </Button>
        )}
      </FileButton>
    </div>
  );
}
