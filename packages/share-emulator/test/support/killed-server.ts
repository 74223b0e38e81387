// A service in a process of its own, to be killed: `node killed-server.ts DIST FILE`.
// Prints its origin. DIST is where the package has been built.
const [, , dist, file] = process.argv;
const { sqliteShareStore, serveShare } = await import(`${dist}/node.js`);
const { createShareService } = await import(`${dist}/index.js`);
const store = await sqliteShareStore(file);
const service = createShareService({
  store,
  accounts: [{ name: 'ann', password: 'pass word', receiver: 'SM12345678', sharing: true }],
});
const server = await serveShare(service);
console.log(server.origin);

export {};
