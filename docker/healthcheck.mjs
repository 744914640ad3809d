/** Exits with 0 when the server of this container answers. */
const port = process.env.PORT || 6789;
const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
process.exitCode = answer?.ok ? 0 : 1;
