import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconPhoneCall } from "@tabler/icons-react";
import type { QualityView } from "../../bindings/QualityView";
import type { CheckRow } from "../../bindings/CheckRow";
import { Chip } from "../../parts/Chip";
import { checkFace } from "../../words/checks";
import css from "./Checks.module.css";
import { hasSigns, isUndecided, qualityAdvice } from "./check-words";
import { INABILITIES } from "./inabilities";
import { Said } from "./Said";

/** The short words of an outcome, and that no clinician has looked yet. */
export function ResultChip({ row, large }: { row: CheckRow; large?: boolean }) {
  const face = checkFace(row);
  return (
    <div className={css.verdict} style={large ? { fontSize: "0.875rem" } : undefined}>
      <Chip tone={face.tone}>
        <Said word={face.short} />
      </Chip>
      {row.reviewed_at ? (
        <span className="secondary">
          <Trans>Reviewed by {row.reviewed_by ?? "?"}</Trans>
        </span>
      ) : (
        <span className="secondary">
          <Trans>Unconfirmed, needs a clinician</Trans>
        </span>
      )}
    </div>
  );
}

interface WordsProps {
  row: CheckRow;
  quality: readonly QualityView[];
  emergencyNumber: string;
}

/** What a result means, in the words that may be used: signs, or nothing unusual, never an all-clear. */
export function ResultWords({ row, quality, emergencyNumber }: WordsProps) {
  if (hasSigns(row)) return <SignsFound row={row} emergencyNumber={emergencyNumber} />;
  if (isUndecided(row)) return <NoResult row={row} quality={quality} emergencyNumber={emergencyNumber} />;
  return (
    <p className={css.words}>
      <Trans>
        Nothing unusual was measured. <strong>This does not rule out a stroke.</strong> If face, arm, speech, sight or balance suddenly changed, call {emergencyNumber},
        whatever this test says.
      </Trans>
    </p>
  );
}

function SignsFound({ row, emergencyNumber }: { row: CheckRow; emergencyNumber: string }) {
  const voice = row.input_type === "voice";
  return (
    <div className={css.urgent} role="alert">
      <p className={css.grow}>
        <strong>
          <Trans>Signs that need urgent help.</Trans>
        </strong>{" "}
        {row.inability ? <CouldNotBeDone reason={row.inability} isNew /> : voice ? <Trans>This test found speech that differs clearly from its reference.</Trans> : <Trans>This test found sway that differs clearly from its reference.</Trans>}{" "}
        <Trans>If this is new, call {emergencyNumber} now. Note the time it started.</Trans>
      </p>
      <EmergencyButton number={emergencyNumber} />
    </div>
  );
}

function NoResult({ row, quality, emergencyNumber }: WordsProps) {
  const reasons = quality.filter((one) => one.verdict === "reject").map((one) => qualityAdvice(one.code)).filter((word) => word !== null);
  return (
    <p className={css.words}>
      <strong>
        <Trans>No result.</Trans>
      </strong>{" "}
      {row.inability ? <CouldNotBeDone reason={row.inability} /> : row.status === "no_reference" ? <Trans>It was measured, but there is nothing to compare with yet: no norm fits this recording, and there are fewer than three own recordings.</Trans> : null}{" "}
      {reasons.map((word) => (
        <span key={word.id}>
          <Said word={word} />{" "}
        </span>
      ))}
      <Trans>If you are worried, do not repeat the test; call {emergencyNumber}.</Trans>
    </p>
  );
}

function CouldNotBeDone({ reason, isNew }: { reason: string; isNew?: boolean }) {
  const word = INABILITIES[reason];
  return (
    <>
      {isNew ? <Trans>The task could not be done, and that is new.</Trans> : <Trans>The task could not be done, and that is not new. Nothing was measured.</Trans>} {word ? <Trans>Reason: <Said word={word} />.</Trans> : null}
    </>
  );
}

/** Dials the country's number. Always in reach while a check is on screen. */
export function EmergencyButton({ number, full }: { number: string; full?: boolean }) {
  return (
    <Button component="a" href={`tel:${number}`} color="red" fullWidth={full} leftSection={<IconPhoneCall size="1.1rem" aria-hidden />}>
      <Trans>Call emergency {number}</Trans>
    </Button>
  );
}

/** Under every result, on every screen that shows one. */
export function AidFooter() {
  return (
    <p className={`secondary ${css.footer}`}>
      <Trans>Screening aid, not a diagnosis. Not a certified medical device.</Trans>
    </p>
  );
}
