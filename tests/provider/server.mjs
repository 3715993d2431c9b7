// An OpenID provider on this computer, for the tests. The first argument is the folder that holds node_modules; the port is the first
// line of output. Anybody may sign in there under any name, with any password: the forms are oidc-provider's own for development.
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const { Provider } = await import(pathToFileURL(join(process.argv[2], "node_modules/oidc-provider/lib/index.js")));

const key = (kind, options, alg) => ({ ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), alg, use: "sig", kid: alg });
const keys = [key("rsa", { modulusLength: 2048 }, "RS256"), key("ec", { namedCurve: "P-256" }, "ES256"), key("ed25519", {}, "EdDSA")];

const client = (id, alg, more = {}) => ({
  client_id: id,
  application_type: "native",
  token_endpoint_auth_method: "none",
  redirect_uris: ["http://127.0.0.1/cb"],
  grant_types: ["authorization_code", "refresh_token"],
  id_token_signed_response_alg: alg,
  ...more,
});

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address();
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("rs256", "RS256"), client("es256", "ES256"), client("eddsa", "EdDSA"), client("ps256", "PS256"), client("refreshing", "ES256")],
  jwks: { keys: [...keys, { ...keys[0], alg: "PS256", kid: "PS256" }] },
  cookies: { keys: ["for the tests alone"] },
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "ES256", "EdDSA", "PS256"] },
  issueRefreshToken: async (_, { clientId }) => clientId === "refreshing",
  ttl: { AccessToken: 3600, IdToken: 600, Interaction: 600, Session: 3600, Grant: 3600, RefreshToken: 3600 },
  pkce: { required: () => true },
  // Names and addresses stand in the ID token only for whoever asks for them there.
  features: { claimsParameter: { enabled: true } },
  claims: { openid: ["sub"], profile: ["name"], email: ["email", "email_verified"] },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: `${id} of Harbour`, email: `${id}@harbour.example`, email_verified: id !== "newcomer" }),
  }),
});
server.on("request", provider.callback());
console.log(port);
