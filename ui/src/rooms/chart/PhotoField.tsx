import { Trans, useLingui } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { BannerView } from "../../bindings/BannerView";
import { useTell, useTellBytes } from "../../app/queries";
import { useHost } from "../../host/HostContext";
import { Avatar } from "../../parts/Avatar";
import { Failed } from "../../parts/DataState";
import { FieldError } from "../../parts/fields";
import { FileInput } from "../../parts/FileInput";
import { useObjectUrl } from "../../parts/object-url";
import css from "./PhotoField.module.css";

const MAX_BYTES = 20 * 1024 * 1024;

/** The address of the patient's picture while it is shown; undefined without one, or while it is not on this device. */
function usePhoto(banner: BannerView): string | undefined {
  const host = useHost();
  const { data } = useQuery({
    // Named by its fingerprint: another picture is another question, and no other change asks it again.
    queryKey: [["@photo"], "patients.photo", banner.id, banner.photo],
    queryFn: () => host.bytes("patients.photo", { patient: banner.id }),
    enabled: banner.photo !== null && banner.photo_here,
  });
  return useObjectUrl(data, "image/jpeg");
}

/** The patient's picture, or initials. */
export function PatientPhoto({ banner, size }: { banner: BannerView; size: number }) {
  return <Avatar name={banner.name} size={size} square src={usePhoto(banner)} />;
}

/** Chooses, changes or takes away the picture. It is kept at once: a picture is no field to be typed and sent with others. */
export function PhotoField({ banner }: { banner: BannerView }) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const set = useTellBytes("patients.set_photo");
  const remove = useTell("patients.remove_photo");
  const [trouble, setTrouble] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    setTrouble(null);
    if (!file) return;
    if (file.size > MAX_BYTES) return setTrouble(t`This picture is larger than 20 MB.`);
    try {
      set.mutate({ meta: { patient: banner.id }, bytes: new Uint8Array(await file.arrayBuffer()) });
    } catch {
      setTrouble(t`The file could not be read from the disk. Is it still there?`);
    }
  };
  return (
    <div role="group" aria-label={t`Picture`} className={css.field}>
      <PatientPhoto banner={banner} size={4} />
      <div className={css.words}>
        <div className={css.buttons}>
          <Button variant="default" size="compact-sm" loading={set.isPending} onClick={() => input.current?.click()}>
            {banner.photo ? <Trans>Change the picture</Trans> : <Trans>Add a picture</Trans>}
          </Button>
          {banner.photo ? (
            <Button variant="subtle" size="compact-sm" loading={remove.isPending} onClick={() => remove.mutate({ patient: banner.id })}>
              <Trans>Take it away</Trans>
            </Button>
          ) : null}
        </div>
        <p className="secondary">
          {banner.photo && !banner.photo_here ? <Trans>The picture has not come to this device yet.</Trans> : <Trans>PNG or JPEG. Only a small square of it is kept, without place and time.</Trans>}
        </p>
        {trouble ? <FieldError>{trouble}</FieldError> : null}
        {set.error ? <Failed problem={set.error} /> : null}
        {remove.error ? <Failed problem={remove.error} /> : null}
      </div>
      <FileInput ref={input} accept="image/png,image/jpeg" onFiles={([file]) => void take(file)} testId="photo-input" />
    </div>
  );
}
