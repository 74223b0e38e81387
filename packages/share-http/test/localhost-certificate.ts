// A certificate for localhost that nobody trusts, and its key, for tests of what is said of that.
// Valid for a hundred years, made by
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
//     -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1

export const LOCALHOST_KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgH1WuqJV+ErTODM+C
B3Hx71JkQ8Ip6v+M7FyGxz8FXr6hRANCAARs15nT1wNdSs4rYVSfonCQrHBNWIvu
xxZ42oB4CGl7ocZ9jx+/+6Ro0zfVivamHjJYMca70gLetcvV/jhaSxA3
-----END PRIVATE KEY-----
`;

export const LOCALHOST_CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUKp75+gkVSDwfaNrsnt7cHt1rHqcwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTA4MzgxN1oYDzIxMjYxMTA1
MDgzODE3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARs15nT1wNdSs4rYVSfonCQrHBNWIvuxxZ42oB4CGl7ocZ9jx+/+6Ro
0zfVivamHjJYMca70gLetcvV/jhaSxA3o28wbTAdBgNVHQ4EFgQUeldOoC19Zakv
HL7kzB1pnE5CXq8wHwYDVR0jBBgwFoAUeldOoC19ZakvHL7kzB1pnE5CXq8wDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgWyTuoK6Wui5wLkmNrbTNoy91mN/yH+eekxs6HYVEdJQCIBcE
SsWjtb/u7lCCERFWtu84xmtmHrmJeytRQOfCdCQb
-----END CERTIFICATE-----
`;
