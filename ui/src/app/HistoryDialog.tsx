import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { useState } from "react";
import type { HistoryRow } from "../bindings/HistoryRow";
import { Chip } from "../parts/Chip";
import { DataState, Empty } from "../parts/DataState";
import { DateText } from "../parts/DateText";
import { fieldWord } from "../words/fields";
import { useAsk } from "./queries";

interface Props {
  collection: string;
  id: string;
  /** One field; every field without it. */
  field?: string;
}

/** Opens what happened to a document, or to one field of it. */
export function HistoryButton(props: Props) {
  const { t } = useLingui();
  const [opened, setOpened] = useState(false);
  const title = props.field ? t`What happened to this field?` : t`What happened to this entry?`;
  return (
    <>
      <Button variant="subtle" size="compact-sm" leftSection={<IconHistory size="1rem" aria-hidden />} onClick={() => setOpened(true)}>
        {title}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} size="lg" title={title} closeButtonProps={{ "aria-label": t`Close` }}>
        {opened ? <Body {...props} /> : null}
      </Modal>
    </>
  );
}

/** "allergies/…" belongs to the list as a whole: an entry that came and went has another key. */
const first = (key: string) => key.split("/")[0];

function Body({ collection, id, field }: Props) {
  const history = useAsk("sync.history", { collection, id }, { forget: true });
  return (
    <DataState query={history} rows={4}>
      {(rows) => <Rows rows={field ? rows.filter((row) => first(row.key) === first(field)) : rows} />}
    </DataState>
  );
}

function Rows({ rows }: { rows: HistoryRow[] }) {
  const { t } = useLingui();
  if (rows.length === 0) {
    return (
      <Empty icon={<IconHistory size="1.5rem" stroke={1.5} aria-hidden />}>
        <Trans>Nothing is known of it yet.</Trans>
      </Empty>
    );
  }
  return (
    <table className="plain">
      <thead>
        <tr>
          <th scope="col">{t`When`}</th>
          <th scope="col">{t`Who`}</th>
          <th scope="col">{t`What`}</th>
          <th scope="col">{t`Value`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.key} ${row.at} ${row.value}`}>
            <td>
              <DateText at={row.at} />
            </td>
            <td>{row.device ?? t`Unknown device`}</td>
            <td>{fieldWord(row.key)}</td>
            <td style={{ overflowWrap: "anywhere" }}>
              {row.value === "null" || row.value === "" ? <Trans>Nothing (removed)</Trans> : row.value}{" "}
              {row.current ? (
                <Chip tone="ok">
                  <Trans>shows now</Trans>
                </Chip>
              ) : null}
              {row.displaced ? (
                <Chip tone="warn">
                  <Trans>set aside by a merge</Trans>
                </Chip>
              ) : null}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
