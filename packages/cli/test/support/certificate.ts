// A certificate that nobody trusts, and its key, for a service of a test. Valid for a hundred years,
// made by
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
//     -subj /CN=share.example -addext subjectAltName=DNS:share.example,DNS:localhost,IP:127.0.0.1

export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQguV5rB7fYUgPyHy8Y
90vh9NwOujDvlLue1b4M002MgqOhRANCAAQN8AsFOnB9CQ16Ph/bIlfqJb5RWZA8
iAws03q4oCXGDY5OY17OgUP5d6+oUL2btdy70HXtyiOLALC02OqvD4hE
-----END PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBsjCCAVigAwIBAgIUZ7V/QrWYfbO7B24Xbv7P1aKzuAUwCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNc2hhcmUuZXhhbXBsZTAgFw0yNjExMjkyMDQxNTRaGA8yMTI2
MTEwNTIwNDE1NFowGDEWMBQGA1UEAwwNc2hhcmUuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABA3wCwU6cH0JDXo+H9siV+olvlFZkDyIDCzTerigJcYN
jk5jXs6BQ/l3r6hQvZu13LvQde3KI4sAsLTY6q8PiESjfjB8MB0GA1UdDgQWBBQG
P/1wy/dWDxdjOKaV+la1k4sMSzAfBgNVHSMEGDAWgBQGP/1wy/dWDxdjOKaV+la1
k4sMSzAPBgNVHRMBAf8EBTADAQH/MCkGA1UdEQQiMCCCDXNoYXJlLmV4YW1wbGWC
CWxvY2FsaG9zdIcEfwAAATAKBggqhkjOPQQDAgNIADBFAiEA2irbhw4V7qgHublD
pkvvfSFi8thrBNQAnQzZUCkEfz8CIFhAPv+EBxnoYVKyoJf0XWauYSv0vn9idKue
mMXllVBq
-----END CERTIFICATE-----
`;
