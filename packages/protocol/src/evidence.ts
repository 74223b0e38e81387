/**
 * Evidence of a fact: seen in captured bytes or recorded traffic, told alike by several sources,
 * told by one, or only claimed or deduced (the tags of the two specifications).
 */
export type Evidence = 'captured' | 'several sources' | 'one source' | 'unconfirmed';
