import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import type { OwnSession } from "../../bindings/OwnSession";
import { expectAccessible } from "../../testing/axe";
import { renderPart } from "../../testing/render";
import { id } from "../../testing/world";
import { SessionsCard } from "./SessionsCard";

const own: OwnSession = { device: id(2), name: "7F3A-09BC", this_device: true, heard_of: "2026-03-13T08:11:00Z", state: "running" };
const other: OwnSession = { device: id(40), name: "11AA-22BB", this_device: false, heard_of: "2026-03-12T08:11:00Z", state: "running" };
const third: OwnSession = { device: id(41), name: "33CC-44DD", this_device: false, heard_of: null, state: "unknown" };

test("lists one's own devices, and ends a session only after saying what that does", async () => {
  const { user, host } = renderPart(<SessionsCard />, { answers: { "sessions.list": [own, other], "sessions.end": [own, { ...other, state: "ended" }] } });
  expect(await screen.findByText("This device")).toBeVisible();
  expect(screen.queryByRole("button", { name: "End all others" })).not.toBeInTheDocument();
  expect(screen.queryByRole("button", { name: "End session: 7F3A-09BC" })).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "End session: 11AA-22BB" }));
  const dialog = await screen.findByRole("dialog", { name: "End the session on 11AA-22BB?" });
  expect(within(dialog).getByText(/may never ask/)).toBeVisible();
  await expectAccessible();
  expect(host.inputsOf("sessions.end")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "End session" }));
  expect(host.inputsOf("sessions.end")).toEqual([{ id: other.device }]);
  expect(await screen.findByText(/Ended; it locks/)).toBeVisible();
  await waitFor(() => expect(screen.queryByRole("button", { name: "End session: 11AA-22BB" })).not.toBeInTheDocument());
});

test("with several others, all are ended in one go", async () => {
  const { user, host } = renderPart(<SessionsCard />, { answers: { "sessions.list": [own, other, third], "sessions.end_others": [own] } });
  expect(await screen.findByText(/Has not said anything yet/)).toBeVisible();
  await user.click(screen.getByRole("button", { name: "End all others" }));
  const dialog = await screen.findByRole("dialog", { name: "End the sessions on all your other devices?" });
  await user.click(within(dialog).getByRole("button", { name: "End session" }));
  expect(host.inputsOf("sessions.end_others")).toEqual([{}]);
  await waitFor(() => expect(screen.queryByText("11AA-22BB")).not.toBeInTheDocument());
});
