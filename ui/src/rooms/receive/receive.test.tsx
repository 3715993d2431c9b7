import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { IncomingLink } from "../../bindings/IncomingLink";
import { expectAccessible } from "../../testing/axe";
import { dryRun } from "../../testing/intake";
import { renderApp } from "../../testing/render";

const link: IncomingLink = {
  text: "shlink:/abc", label: "Records for City Hospital", host: "share.example.org", expires_at: "2030-01-05T10:00:00Z", expired: false, needs_passcode: false, long_term: false, local_network: false,
};
type User = ReturnType<typeof renderApp>["user"];

async function look(user: User) {
  // Typed in one go: braces and slashes mean keys to the tester.
  fireEvent.change(await screen.findByRole("textbox", { name: "Text of the link" }), { target: { value: "shlink:/abc" } });
  await user.click(screen.getByRole("button", { name: "Look at it" }));
}

describe("receiving", () => {
  test("nothing is fetched before label, host and end were seen, and the owner learns who asks", async () => {
    const { user, host } = renderApp("/receive", { answers: { "receive.inspect": link, "receive.open": dryRun } });
    await look(user);
    expect(await screen.findByText("share.example.org")).toBeVisible();
    expect(screen.getByText("Records for City Hospital")).toBeVisible();
    expect(screen.getByText("5 Jan 2030")).toBeVisible();
    expect(host.inputsOf("receive.open")).toEqual([]);
    expect(screen.getByLabelText("Who is asking")).toHaveValue("Dr Amina Rahman, Harbour Clinic");
    await user.click(screen.getByRole("button", { name: "Fetch and show" }));
    expect(await screen.findByRole("region", { name: "What would change" })).toBeVisible();
    expect(host.inputsOf("receive.open")).toEqual([{ text: "shlink:/abc", recipient: "Dr Amina Rahman, Harbour Clinic", passcode: null, allow_local: false }]);
    expect(host.inputsOf("intake.file")).toEqual([]);
  });

  test("a computer on the local network needs a yes, a passcode needs to be typed", async () => {
    const { user, host } = renderApp("/receive", { answers: { "receive.inspect": { ...link, host: "192.168.1.20:8443", local_network: true, needs_passcode: true }, "receive.open": dryRun } });
    await look(user);
    const button = await screen.findByRole("button", { name: "Fetch and show" });
    expect(button).toBeDisabled();
    await user.type(screen.getByLabelText("Passcode"), "2468");
    expect(button).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: /192\.168\.1\.20:8443 is a computer on this network/ }));
    await user.click(button);
    await waitFor(() => expect(host.inputsOf("receive.open")).toHaveLength(1));
    expect(host.inputsOf("receive.open")[0]).toMatchObject({ passcode: "2468", allow_local: true });
  });

  test("a link that is over cannot be opened", async () => {
    const { user } = renderApp("/receive", { answers: { "receive.inspect": { ...link, expired: true } } });
    await look(user);
    expect(await screen.findByText("This link is over.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Fetch and show" })).not.toBeInTheDocument();
  });

  test("a wrong passcode keeps the form and says what follows", async () => {
    const { user } = renderApp("/receive", {
      answers: {
        "receive.inspect": { ...link, needs_passcode: true },
        "receive.open": () => {
          throw { code: "wrong_passcode", detail: null, retry: true };
        },
      },
    });
    await look(user);
    await user.type(await screen.findByLabelText("Passcode"), "1111");
    await user.click(screen.getByRole("button", { name: "Fetch and show" }));
    expect(await screen.findByText("The passcode is wrong.")).toBeVisible();
    expect(screen.getByLabelText("Passcode")).toHaveValue("1111");
  });

  test("a picture of a code is inspected, a file is read as a dry run", async () => {
    const { user, host } = renderApp("/receive", { byteAnswers: { askBytes: { "receive.inspect_picture": () => link, "intake.read": () => dryRun } } });
    await user.upload(await screen.findByTestId("file-input"), new File([new Uint8Array([137, 80])], "code.png", { type: "image/png" }));
    expect(await screen.findByText("share.example.org")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Back" }));
    await user.upload(await screen.findByTestId("file-input"), new File(["{}"], "summary.json", { type: "application/json" }));
    expect(await screen.findByRole("region", { name: "What would change" })).toBeVisible();
    expect(host.asked.map((one) => one.name)).toEqual(expect.arrayContaining(["receive.inspect_picture", "intake.read"]));
  });

  test("text that is no link says what one looks like", async () => {
    const { user } = renderApp("/receive", {
      answers: {
        "receive.inspect": () => {
          throw { code: "not_a_link", detail: null, retry: false };
        },
      },
    });
    await look(user);
    expect(await screen.findByText(/Such a link begins with shlink:/)).toBeVisible();
  });

  test("is accessible at each step", async () => {
    const { user } = renderApp("/receive", { answers: { "receive.inspect": { ...link, local_network: true, needs_passcode: true } } });
    await screen.findByTestId("file-input");
    await expectAccessible();
    await look(user);
    await screen.findByText("share.example.org");
    await expectAccessible();
  });
});
