import { Trans } from "@lingui/react/macro";
import { IconUsers } from "@tabler/icons-react";
import { useAsk } from "../../app/queries";
import { Row } from "../../parts/Card";
import { Avatar } from "../../parts/Avatar";
import { patientLine } from "../../words/patient";
import css from "./Register.module.css";

/** Charts that may be of the same person; opening one is easier than making a double. */
export function Similar({ name, born, onOpen }: { name: string; born: string; onOpen: (id: string) => void }) {
  const similar = useAsk("patients.similar", { name, date_of_birth: born || null }, { enabled: name.length >= 3, keepPrevious: true });
  const rows = name.length >= 3 ? (similar.data ?? []) : [];
  if (rows.length === 0) return null;
  return (
    <div className={css.similar} role="status">
      <p className={css.similarHead}>
        <IconUsers size="1.1rem" aria-hidden /> <Trans>Perhaps already here. Open the chart instead of making a second one:</Trans>
      </p>
      {rows.slice(0, 4).map((row) => (
        <Row key={row.id} lead={<Avatar name={row.name} size={1.75} />} title={row.name} detail={patientLine(row)} onOpen={() => onOpen(row.id)} />
      ))}
    </div>
  );
}
