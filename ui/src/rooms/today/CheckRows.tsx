import { Trans, useLingui } from "@lingui/react/macro";
import { IconActivity, IconMicrophone, IconStretching } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { CheckRow } from "../../bindings/CheckRow";
import { Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DateText } from "../../parts/DateText";
import { checkFace, inputWord } from "../../words/checks";

/** Checks that nobody has looked at yet; those with signs come first, as the program sorts them. */
export function CheckRows({ rows }: { rows: readonly CheckRow[] }) {
  const { i18n } = useLingui();
  const go = useNavigate();
  return (
    <>
      {rows.map((row) => {
        const face = checkFace(row);
        const Icon = row.input_type === "voice" ? IconMicrophone : row.input_type === "balance" ? IconStretching : IconActivity;
        return (
          <Row
            key={row.id}
            lead={<Icon size="1.25rem" stroke={1.6} aria-hidden />}
            title={row.patient_name}
            detail={
              <>
                {i18n._(inputWord(row.input_type))} · <DateText at={row.detected_at} /> · <Trans>unconfirmed</Trans>
              </>
            }
            end={
              <>
                <Chip tone="device">{row.model_version}</Chip>
                <Chip tone={face.tone}>{i18n._(face.short)}</Chip>
              </>
            }
            onOpen={() => void go({ to: "/patients/$patient/$tab", params: { patient: row.patient, tab: "checks" } })}
          />
        );
      })}
    </>
  );
}
