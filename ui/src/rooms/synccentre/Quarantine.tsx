import { Trans, useLingui } from "@lingui/react/macro";
import { useAsk } from "../../app/queries";
import { Card } from "../../parts/Card";
import { Failed } from "../../parts/DataState";
import { DateText } from "../../parts/DateText";
import { collectionWord } from "../../words/fields";
import { setAsideReason } from "../../words/set-aside";

/** Documents set aside because they could not be read or trusted. Shown only when there are some. */
export function Quarantine() {
  const { i18n, t } = useLingui();
  const aside = useAsk("sync.quarantine", {});
  if (aside.error) return <Failed problem={aside.error} />;
  const rows = aside.data ?? [];
  if (rows.length === 0) return null;
  return (
    <Card title={<Trans>Set aside</Trans>} note={String(rows.length)}>
      <p className="secondary">
        <Trans>These documents could not be read or trusted. They are kept, and tried again after an update or when a missing key comes. The others go on.</Trans>
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">{t`What`}</th>
            <th scope="col">{t`Why`}</th>
            <th scope="col">{t`Since`}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{collectionWord(row.collection)}</td>
              <td title={row.reason}>{i18n._(setAsideReason(row.reason))}</td>
              <td>
                <DateText at={row.at} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
