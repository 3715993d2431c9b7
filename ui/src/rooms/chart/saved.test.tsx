import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../testing/axe";
import { banner, openChart, patient } from "../../testing/chart-world";
import { renderApp } from "../../testing/render";

test("a patient is saved with remarks, which then can be read again and taken back", async () => {
  const saved = { remarks: "asks for Ann", last_seen: null, saved_at: "2026-05-01T10:00:00.000Z" };
  const { user, host } = renderApp(`/patients/${patient}`, {
    answers: openChart({ "patients.save": (ask) => ({ ...banner, saved: ask.saved ? { ...saved, remarks: ask.remarks } : null }) }),
  });
  await user.click(await screen.findByRole("button", { name: "Save this patient" }));
  await user.type(await screen.findByRole("textbox", { name: "Remarks for yourself" }), " asks for Ann ");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Save with remarks" }));
  await waitFor(() => expect(host.inputsOf("patients.save")).toEqual([{ patient, saved: true, remarks: "asks for Ann" }]));
  const star = await screen.findByRole("button", { name: "Saved patient: remarks" });
  expect(star).toHaveAttribute("aria-pressed", "true");
  await user.click(star);
  expect(await screen.findByRole("textbox", { name: "Remarks for yourself" })).toHaveValue("asks for Ann");
  await user.click(screen.getByRole("button", { name: "No longer save" }));
  await waitFor(() => expect(host.inputsOf("patients.save").at(-1)).toEqual({ patient, saved: false, remarks: null }));
  expect(await screen.findByRole("button", { name: "Save this patient" })).toBeVisible();
});
