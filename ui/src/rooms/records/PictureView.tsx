import { Trans, useLingui } from "@lingui/react/macro";
import { ActionIcon } from "@mantine/core";
import { IconRotateClockwise } from "@tabler/icons-react";
import { useEffect, useState, type KeyboardEvent } from "react";
import { Empty } from "../../parts/DataState";
import { nextZoom, ZoomButtons } from "./ZoomButtons";
import css from "./Records.module.css";

interface Props {
  bytes: Uint8Array;
  mediaType: string;
  name: string;
}

/** A picture, at the width of its place to begin with. Plus, minus and 0 change the size; dragging the scroll bars moves it. */
export function PictureView({ bytes, mediaType, name }: Props) {
  const { t } = useLingui();
  const [address, setAddress] = useState<string | null>(null);
  const [zoom, setZoom] = useState(1);
  const [turn, setTurn] = useState(0);
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as BlobPart], { type: mediaType }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, mediaType]);
  if (broken) {
    return (
      <Empty>
        <Trans>This picture could not be drawn. Save a copy and open it with another program.</Trans>
      </Empty>
    );
  }
  const press = (event: KeyboardEvent) => {
    if (event.key === "+" || event.key === "=") setZoom(nextZoom(zoom, 1));
    else if (event.key === "-") setZoom(nextZoom(zoom, -1));
    else if (event.key === "0") setZoom(1);
    else return;
    event.stopPropagation();
  };
  return (
    <div onKeyDown={press}>
      <div className={css.head} style={{ padding: "0.375rem 0.5rem", position: "sticky", insetInlineStart: 0 }}>
        <ZoomButtons zoom={zoom} onZoom={setZoom} />
        <ActionIcon aria-label={t`Turn to the right`} onClick={() => setTurn((turn + 90) % 360)}>
          <IconRotateClockwise size="1.1rem" aria-hidden />
        </ActionIcon>
      </div>
      {address ? (
        <img
          src={address}
          alt={name}
          className={css.picture}
          style={{ width: `${zoom * 100}%`, transform: turn ? `rotate(${turn}deg)` : undefined, transformOrigin: "center" }}
          onError={() => setBroken(true)}
        />
      ) : null}
    </div>
  );
}
