import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Textarea } from "@mantine/core";
import { IconQrcode, IconWifiOff } from "@tabler/icons-react";
import { useEffect, useState, type FormEvent } from "react";
import type { IncomingLink } from "../../bindings/IncomingLink";
import type { IntakeView } from "../../bindings/IntakeView";
import { useTell, useTellBytes } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";
import { FormButtons } from "../../parts/fields";
import { Columns, Stack } from "../../parts/Page";

interface Props {
  patient?: string;
  onLink: (link: IncomingLink) => void;
  onIntake: (intake: IntakeView) => void;
  onCodes: () => void;
}

const isPicture = (file: { name: string; type: string }) => file.type.startsWith("image/") || /\.(png|jpe?g)$/i.test(file.name);

const isText = (file: { name: string; type: string }) => file.type === "text/plain" || /\.txt$/i.test(file.name);

/** Four ways in: the text of a link, a picture of a code, a file, and codes from screen to camera. */
export function Bring({ patient, onLink, onIntake, onCodes }: Props) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const inspect = useTell("receive.inspect");
  const picture = useTellBytes("receive.inspect_picture");
  const file = useTellBytes("intake.read");

  const look = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim()) inspect.mutate({ text: text.trim() }, { onSuccess: onLink });
  };
  const take = (picked: PickedFile | undefined) => {
    if (!picked) return;
    picture.reset();
    file.reset();
    inspect.reset();
    if (isText(picked)) inspect.mutate({ text: new TextDecoder().decode(picked.bytes).trim() }, { onSuccess: onLink });
    else if (isPicture(picked)) picture.mutate({ meta: {}, bytes: picked.bytes }, { onSuccess: onLink });
    else file.mutate({ meta: { file_name: picked.name, patient: patient ?? null }, bytes: picked.bytes }, { onSuccess: onIntake });
  };
  usePastedPicture(take);

  return (
    <Stack>
      <Columns>
        <Card title={<Trans>Link</Trans>}>
          <form onSubmit={look}>
            <Textarea
              label={t`Text of the link`}
              description={t`It begins with shlink:/ or with https:// and has shlink:/ in it.`}
              placeholder="shlink:/…"
              autoFocus
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
              classNames={{ input: "mono" }}
            />
            {inspect.error ? <Failed problem={inspect.error} /> : null}
            <FormButtons>
              <Button type="submit" mt="sm" loading={inspect.isPending} disabled={!text.trim()}>
                <Trans>Look at it</Trans>
              </Button>
            </FormButtons>
          </form>
        </Card>
        <Card title={<Trans>Picture or file</Trans>}>
          <DropZone accept="image/png,image/jpeg,.txt,.json,.gz" busy={picture.isPending || file.isPending} onFiles={(files) => take(files[0])}>
            <p>
              <IconQrcode size="1.1rem" aria-hidden /> <Trans>A picture of the QR code (drop it, or paste it with Ctrl V), or the file you were given.</Trans>
            </p>
          </DropZone>
          {picture.error ? <Failed problem={picture.error} /> : null}
          {file.error ? <Failed problem={file.error} /> : null}
        </Card>
      </Columns>
      <Card title={<Trans>Without a network</Trans>}>
        <p>
          <Trans>This screen shows a code, the sender's screen answers with a series of codes. Nothing goes over a cable or through the air.</Trans>
        </p>
        <FormButtons>
          <Button variant="default" mt="sm" leftSection={<IconWifiOff size="1.1rem" aria-hidden />} onClick={onCodes}>
            <Trans>Receive without a network</Trans>
          </Button>
        </FormButtons>
      </Card>
    </Stack>
  );
}

/** Takes a picture from the clipboard, wherever the focus is; text in a field is left alone. */
function usePastedPicture(take: (file: PickedFile | undefined) => void) {
  useEffect(() => {
    const hear = (event: ClipboardEvent) => {
      const found = [...(event.clipboardData?.files ?? [])].find(isPicture);
      if (!found) return;
      event.preventDefault();
      void found.arrayBuffer().then((buffer) => take({ name: found.name, type: found.type, bytes: new Uint8Array(buffer) }));
    };
    window.addEventListener("paste", hear);
    return () => window.removeEventListener("paste", hear);
  });
}
