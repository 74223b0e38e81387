// A service in a process of its own, to be killed: `node killed-server.ts DIST FILE`.
// Prints its origin. DIST is where the package has been built.
const [, , dist, file] = process.argv;
const { openSqliteStore, serveShare } = await import(`${dist}/share/node.js`);
const { createShareService } = await import(`${dist}/share/index.js`);
const store = await openSqliteStore(file);
const service = createShareService({
  store,
  accounts: [{ name: 'ann', password: 'pass word', receiver: 'SM12345678', monitoring: true }],
});
const server = await serveShare(service);
console.log(server.origin);

export {};
