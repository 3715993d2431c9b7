import { Trans, useLingui } from "@lingui/react/macro";
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { DocumentType } from "../../bindings/DocumentType";
import { useTellBytes } from "../../app/queries";
import { Failed } from "../../parts/DataState";
import { DropZone, type PickedFile } from "../../parts/DropZone";
import { DateField, FieldError, Fields, FormButtons } from "../../parts/fields";
import { formatBytes } from "../../parts/NumberText";
import { guess } from "./guess";
import { TYPES, typeWord } from "./record-words";
import css from "./Records.module.css";

/** The largest file the program files by hand. */
export const FILE_MAX = 50 * 1024 * 1024;
export const ACCEPT = ".pdf,.jpg,.jpeg,.png,.dcm,application/pdf,image/jpeg,image/png,application/dicom";

interface Props {
  opened: boolean;
  patient: string;
  /** Files that were dropped on the list. */
  files: readonly PickedFile[];
  onClose: () => void;
  onFiled: (id: string) => void;
}

/** Files documents: one after the other, each looked at. What the name suggests is proposed and marked as such. */
export function AddRecordDialog({ opened, patient, files, onClose, onFiled }: Props) {
  const { t } = useLingui();
  return (
    <Modal opened={opened} onClose={onClose} title={t`Add records`} size="lg" closeButtonProps={{ "aria-label": t`Close` }}>
      {opened ? <Queue key={files.map((file) => file.name).join("\n")} patient={patient} given={files} onClose={onClose} onFiled={onFiled} /> : null}
    </Modal>
  );
}

function Queue({ patient, given, onClose, onFiled }: { patient: string; given: readonly PickedFile[]; onClose: () => void; onFiled: (id: string) => void }) {
  const [queue, setQueue] = useState<readonly PickedFile[]>(given);
  const [tooLarge, setTooLarge] = useState<string[]>([]);
  const [done, setDone] = useState(0);
  const next = (id: string | null) => {
    const rest = queue.slice(1);
    setQueue(rest);
    setDone(done + 1);
    if (id) onFiled(id);
    if (rest.length === 0) onClose();
  };
  const [file] = queue;
  if (!file) {
    return (
      <Fields>
        <DropZone multiple accept={ACCEPT} maxBytes={FILE_MAX} onFiles={setQueue} onTooLarge={setTooLarge}>
          <Trans>Drop PDF, JPG, PNG or DICOM files here, at most 50 MB each. Each is encrypted on this device.</Trans>
        </DropZone>
        {tooLarge.length > 0 ? (
          <p role="alert">
            <Trans>Larger than 50 MB and not taken: {tooLarge.join(", ")}</Trans>
          </p>
        ) : null}
      </Fields>
    );
  }
  return (
    <Fields>
      {queue.length + done > 1 ? (
        <p className="secondary">
          <Trans>File {done + 1} of {queue.length + done}</Trans>
        </p>
      ) : null}
      <One key={`${done}-${file.name}`} patient={patient} file={file} onNext={next} />
    </Fields>
  );
}

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}

function One({ patient, file, onNext }: { patient: string; file: PickedFile; onNext: (id: string | null) => void }) {
  const { t, i18n } = useLingui();
  const [proposed] = useState(() => guess(file.name, today()));
  const add = useTellBytes("records.add");
  const [title, setTitle] = useState(proposed.title);
  const [type, setType] = useState<DocumentType | null>(null);
  const [date, setDate] = useState("");
  const [dateRound, setDateRound] = useState(0);
  const [doctor, setDoctor] = useState("");
  const [notes, setNotes] = useState("");
  const [tried, setTried] = useState(false);
  const submit = () => {
    setTried(true);
    if (!title.trim() || !type) return;
    const meta = { patient, title: title.trim(), document_type: type, date_of_record: date || null, source_doctor: doctor.trim() || null, notes: notes.trim() || null, file_name: file.name };
    add.mutate({ meta, bytes: file.bytes }, { onSuccess: (filed) => onNext(filed.id) });
  };
  const useDate = () => {
    setDate(proposed.date ?? "");
    setDateRound(dateRound + 1);
  };
  return (
    <>
      <p className="dense">
        <strong>{file.name}</strong> <span className="secondary">· {formatBytes(file.bytes.length)}</span>
      </p>
      <TextInput
        label={t`Title`}
        required
        data-autofocus
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        error={tried && !title.trim() ? <FieldError>{t`A document needs a title.`}</FieldError> : undefined}
      />
      <div className={css.pair}>
        <div>
          <Select
            label={t`What it is`}
            required
            placeholder={t`Choose`}
            data={TYPES.map((one) => ({ value: one, label: i18n._(typeWord(one)) }))}
            value={type}
            onChange={(value) => setType(value as DocumentType | null)}
            error={tried && !type ? <FieldError>{t`Choose what it is.`}</FieldError> : undefined}
          />
          {proposed.type && type === null ? <Proposal onTake={() => setType(proposed.type)}>{i18n._(typeWord(proposed.type))}</Proposal> : null}
        </div>
        <div>
          <DateField key={dateRound} label={t`Date on the document`} value={date} onChange={setDate} />
          {proposed.date && date === "" ? <Proposal onTake={useDate}>{proposed.date}</Proposal> : null}
        </div>
      </div>
      <TextInput label={t`Doctor on the paper`} value={doctor} onChange={(event) => setDoctor(event.currentTarget.value)} />
      <TextInput label={t`Remarks`} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} />
      {add.error ? <Failed problem={add.error} /> : null}
      <FormButtons>
        <Button variant="default" onClick={() => onNext(null)}>
          <Trans>Skip this file</Trans>
        </Button>
        <Button onClick={submit} loading={add.isPending}>
          <Trans>File it</Trans>
        </Button>
      </FormButtons>
    </>
  );
}

/** What the file's name suggests: one press takes it, nothing takes it by itself. */
function Proposal({ children, onTake }: { children: string; onTake: () => void }) {
  return (
    <Button variant="light" size="compact-xs" mt="xs" onClick={onTake}>
      <Trans>From the file name: {children}</Trans>
    </Button>
  );
}
