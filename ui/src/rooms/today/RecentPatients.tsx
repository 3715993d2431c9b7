import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { PatientRow } from "../../bindings/PatientRow";
import { LinkButton } from "../../app/LinkButton";
import { WaitingChip } from "../../app/WaitingChip";
import { Avatar } from "../../parts/Avatar";
import { Card, Row } from "../../parts/Card";
import { Chip } from "../../parts/Chip";
import { DateText } from "../../parts/DateText";
import { Empty } from "../../parts/DataState";
import { patientLine } from "../../words/patient";

/** Who was seen or changed last. */
export function RecentPatients({ patients, total }: { patients: readonly PatientRow[]; total: number }) {
  const { t } = useLingui();
  const go = useNavigate();
  return (
    <Card
      title={<Trans>Recent patients</Trans>}
      note={<Plural value={total} one="# chart on this device" other="# charts on this device" />}
      padded={false}
      actions={
        <LinkButton to="/patients" variant="subtle" size="compact-sm">
          <Trans>All patients</Trans>
        </LinkButton>
      }
    >
      {patients.length === 0 ? (
        <Empty
          action={
            <LinkButton to="/patients" search={{ register: true }} size="xs">
              <Trans>Register a patient</Trans>
            </LinkButton>
          }
        >
          <Trans>No chart yet. Register your first patient, or import files you already have.</Trans>
        </Empty>
      ) : (
        patients.map((patient) => (
          <Row
            key={patient.id}
            lead={<Avatar name={patient.name} />}
            title={patient.name}
            detail={patientLine(patient)}
            onOpen={() => void go({ to: "/patients/$patient", params: { patient: patient.id } })}
            end={
              <>
                {patient.severe_allergies.length > 0 ? (
                  <Chip tone="crit" icon={IconAlertTriangle} title={t`Severe allergy`}>
                    {patient.severe_allergies.join(", ")}
                  </Chip>
                ) : null}
                <WaitingChip waiting={patient.waiting} />
                <span className="secondary">
                  <DateText at={patient.updated_at} />
                </span>
              </>
            }
          />
        ))
      )}
    </Card>
  );
}
