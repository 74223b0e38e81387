/**
 * How a fact about Share is known (the tags of spec/share): seen in recorded traffic [R], done
 * alike by several projects [M], said by one source [S] [1], or only claimed or deduced [I] [D].
 */
export type Evidence = 'captured' | 'several sources' | 'one source' | 'unconfirmed';
