/** The account of the service in the page. No secret: it is for trying out. */
export const INSIDE_ACCOUNT = { name: 'wearer', password: 'only-for-trying-out' } as const;
