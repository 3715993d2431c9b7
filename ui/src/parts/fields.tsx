import { useLingui } from "@lingui/react/macro";
import { TextInput } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useState, type FormEvent, type ReactNode } from "react";
import { age, calendarDay, calendarOf, typedDate } from "../words/dates";
import css from "./fields.module.css";

/** The text under a field that is wrong: an icon and a sentence, no red fill. */
export function FieldError({ children }: { children: ReactNode }) {
  return (
    <span className={css.error}>
      <IconAlertCircle size="0.9rem" aria-hidden /> {children}
    </span>
  );
}

interface DateFieldProps {
  label: ReactNode;
  /** "1967-08-14", or "" while nothing or nothing readable is typed. */
  value: string;
  onChange: (value: string) => void;
  /** Told true while something is typed that is no date: an empty value then does not mean "none". */
  onUnreadable?: (unreadable: boolean) => void;
  description?: ReactNode;
  /** Also says how old someone born on that day is. */
  birth?: boolean;
  required?: boolean;
  error?: ReactNode;
}

/** A calendar date by typing: tolerant of how people write it, and says back what it understood. */
export function DateField({ label, value, onChange, onUnreadable, description, birth, required, error }: DateFieldProps) {
  const { t } = useLingui();
  const [text, setText] = useState(() => (value ? calendarDay(value) : ""));
  const [left, setLeft] = useState(false);
  const unreadable = left && text.trim() !== "" && value === "";
  const years = birth && value ? age(value, calendarOf(new Date())) : null;
  const understood = value ? [calendarDay(value), years].filter(Boolean).join(" · ") : description;
  return (
    <TextInput
      label={label}
      required={required}
      value={text}
      placeholder={t`day month year`}
      description={understood}
      inputWrapperOrder={["label", "input", "description", "error"]}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const typed = typedDate(event.currentTarget.value) ?? "";
        onUnreadable?.(typed === "" && event.currentTarget.value.trim() !== "");
        onChange(typed);
      }}
      onBlur={() => setLeft(true)}
      error={unreadable ? <FieldError>{t`Write the day, the month and a four-digit year, such as 14 Aug 1967.`}</FieldError> : error}
    />
  );
}

/** Says at the top of a form how many fields need attention; shown after a submit that could not go through. */
export function ErrorSummary({ errors }: { errors: readonly string[] }) {
  const { t } = useLingui();
  if (errors.length === 0) return null;
  return (
    <div role="alert" className={css.summary}>
      <p className={css.error}>
        <IconAlertCircle size="1rem" aria-hidden /> {t`This is not saved yet. Please look at:`}
      </p>
      <ul>
        {errors.map((error) => (
          <li key={error}>{error}</li>
        ))}
      </ul>
    </div>
  );
}

/** Fields in one column with the gap of the house. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={css.fields}>{children}</div>;
}

/** The buttons under a form: the main one last, at the right. */
export function FormButtons({ children }: { children: ReactNode }) {
  return <div className={css.buttons}>{children}</div>;
}

/** Ctrl Enter saves from any field of the form that is shown. */
export function useSubmitKey(submit: (event: FormEvent) => void): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      // `submit` prevents the default, so that the browser does not send the form a second time.
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event as unknown as FormEvent);
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  });
}
