import { Trans } from "@lingui/react/macro";
import { Button, FileButton } from "@mantine/core";
import { IconQrcode } from "@tabler/icons-react";
import { asProblem, Problem } from "../host/problem";
import { useTell } from "./queries";

/** Bytes to base64 in pieces that a call's arguments can hold. */
function base64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x8000) pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x8000)));
  return btoa(pieces.join(""));
}

interface Props {
  /** How the wanted code begins: others on the same sheet are passed over. */
  begins: string;
  onText: (text: string) => void;
  onProblem: (problem: Problem | null) => void;
}

/** Reads a QR code from a picture into a field. The picture goes nowhere. */
export function PictureTextButton({ begins, onText, onProblem }: Props) {
  const scan = useTell("scan.picture");
  const take = async (file: File | null) => {
    if (!file) return;
    onProblem(null);
    try {
      const texts = await scan.mutateAsync({ picture: base64(new Uint8Array(await file.arrayBuffer())) });
      const wanted = texts.find((text) => text.startsWith(begins));
      if (wanted) onText(wanted);
      else onProblem(new Problem({ code: "foreign_code", detail: null, retry: false }));
    } catch (thrown) {
      onProblem(asProblem(thrown));
    }
  };
  return (
    <FileButton onChange={(file) => void take(file)} accept="image/png,image/jpeg">
      {(props) => (
        <Button {...props} variant="subtle" size="compact-sm" mt="xs" loading={scan.isPending} leftSection={<IconQrcode size="1rem" aria-hidden />}>
          <Trans>From a picture of the code</Trans>
        </Button>
      )}
    </FileButton>
  );
}
