// A certificate for localhost that nobody trusts, and its key. Valid for a hundred years, made by
//   openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 \
//     -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1

export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8WPkZxw5PF8UVMGg
8TMofUYc8Hbl465KiAKaDVYU832hRANCAAQ9A96UXWD5f/Y1IMs0rALaseXXxVdR
T9Mxgsb7avLsp3IFchf4A3aSIaWHERqpXLvGEb05Mfmu45Nr/BK6zcWv
-----END PRIVATE KEY-----
`;

export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBmjCCAUGgAwIBAgIUPx38DHjaRwEd2noxLgkce1iq0pMwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTEyNTUyNVoYDzIxMjYxMTA1
MTI1NTI1WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQ9A96UXWD5f/Y1IMs0rALaseXXxVdRT9Mxgsb7avLsp3IFchf4A3aS
IaWHERqpXLvGEb05Mfmu45Nr/BK6zcWvo28wbTAdBgNVHQ4EFgQUvyyqZE1eJEQU
I6bgVKdK25hjgnIwHwYDVR0jBBgwFoAUvyyqZE1eJEQUI6bgVKdK25hjgnIwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDRwAwRAIgdCTrFVQHDpWFG2YtCMyw5vM6pnfdZNcBocNvQo08sa4CIAYc
eBu/TrBg8Aj6KKYoB1NmUOYAC4qrcIHuY+oiv7Iq
-----END CERTIFICATE-----
`;
