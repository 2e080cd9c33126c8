// A real OpenID Connect provider on 127.0.0.1, for one test: it signs in whoever comes.
// Takes one JSON argument: { port, alg, claims, acr, redirectUri, home }. Prints "ready".
import http from "node:http";
import { Provider } from "oidc-provider";

const asked = JSON.parse(process.argv[2]);
const issuer = `http://127.0.0.1:${asked.port}`;
const { privateKey } = (await import("node:crypto")).generateKeyPairSync("rsa", {
  modulusLength: 2048,
});
const jwk = { ...privateKey.export({ format: "jwk" }), use: "sig", alg: asked.alg, kid: "k1" };
const requests = [];

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "maillage",
      client_secret: "a secret of thirty-two characters.",
      redirect_uris: [asked.redirectUri],
      post_logout_redirect_uris: [asked.home],
      id_token_signed_response_alg: asked.alg,
      userinfo_signed_response_alg: asked.jwtUserinfo ? asked.alg : undefined,
      token_endpoint_auth_method: "client_secret_post",
    },
  ],
  jwks: { keys: [jwk] },
  enabledJWA: { idTokenSigningAlgValues: [asked.alg], userinfoSigningAlgValues: [asked.alg] },
  cookies: { keys: ["cookies"] },
  acrValues: ["eidas1"],
  conformIdTokenClaims: true,
  claims: { openid: ["sub", "acr"], ...asked.scopes },
  features: {
    devInteractions: { enabled: false },
    jwtUserinfo: { enabled: true },
    rpInitiatedLogout: { enabled: true },
    userinfo: { enabled: true },
  },
  pkce: { required: () => false },
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...asked.claims }) }),
  loadExistingGrant: async (ctx) => {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope(ctx.oidc.params.scope);
    await grant.save();
    return grant;
  },
});

const answer = provider.callback();
http
  .createServer(async (request, response) => {
    requests.push(request.url);
    if (request.url === "/requests") {
      response.end(JSON.stringify(requests));
    } else if (request.url.startsWith("/interaction/")) {
      const login = { accountId: asked.claims.id, acr: asked.acr, amr: ["mfa"] };
      await provider.interactionFinished(request, response, { login });
    } else {
      answer(request, response);
    }
  })
  .listen(asked.port, "127.0.0.1", () => console.log("ready"));
