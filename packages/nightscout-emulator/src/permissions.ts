// nightscout §3.3
/** True if one of the permissions, which may have wildcards, includes the one that is needed. */
export function isPermitted(permissions: readonly string[], needed: string): boolean {
  return permissions.some((permission) => {
    const parts = permission.split(':');
    return needed.split(':').every((part, i) => {
      const given = parts[i] ?? '*';
      return given === '*' || given.split(',').includes(part);
    });
  });
}
