"""The best matching of a component of overlapping spans, whatever its shape: assignment over the pairs that exist.

Shortest augmenting paths with potentials (Kuhn 1955, Munkres 1957; the columns of a step are handled at once). The
potentials then say which pairs are in any best matching, and among these the tie rule chooses.
"""

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

# What stands where there is no pair, far below any weight and far from the end of 64 bits.
NONE = -(1 << 59)
LARGEST = 1 << 58
_FAR = 1 << 61


def assign(weights: Ints) -> Ints:
    """The column of each row in the matching with the largest sum of weights; −1 for a row without one.

    ``weights``, (rows, columns), are positive below ``LARGEST``, or NONE where there is no pair. Of matchings with the
    same sum it is the one in which the first row has the earliest column, then the second, and so on; none is last.

    >>> assign(np.array([[2, 3], [NONE, 2]])).tolist()
    [0, 1]
    """
    rows, columns = weights.shape
    of_row = np.full(rows, -1, np.int64)
    of_column = np.full(columns, -1, np.int64)
    row_potential = np.maximum(weights.max(axis=1, initial=0), 0)
    column_potential = np.zeros(columns, np.int64)
    for row in range(rows):
        _augment(weights, row, of_row, of_column, row_potential, column_potential)
    tight = row_potential[:, None] + column_potential == weights
    _settle(tight, row_potential == 0, column_potential == 0, of_row, of_column)
    return of_row


def _augment(
    weights: Ints, start: int, of_row: Ints, of_column: Ints, row_potential: Ints, column_potential: Ints
) -> None:
    """Give ``start`` a column, or leave the row without one that costs least, along the shortest path; in place."""
    # Distances of columns that are done with stand beyond all others.
    distance = np.full(len(of_column), _FAR, np.int64)
    came_from = np.full(len(of_column), -1, np.int64)
    done = np.zeros(len(of_column), np.int64)
    free = np.flatnonzero(of_column < 0)
    reached_rows, reached_columns = [(start, 0)], []
    row, at = start, 0
    # To leave a row without a column costs its potential.
    cheapest, left_out = int(row_potential[start]), start
    while True:
        through = column_potential - weights[row]
        through += at + int(row_potential[row])
        through += done
        came_from[through < distance] = row
        np.minimum(distance, through, out=distance)
        column = int(distance.argmin())
        found = int(distance[column])
        if len(free) and distance[nearest := free[distance[free].argmin()]] == found:
            # Of columns that are as near a free one ends the path.
            column = int(nearest)
        if cheapest <= found:
            length, end = cheapest, int(of_row[left_out])
            of_row[left_out] = -1
            break
        if of_column[column] < 0:
            length, end = found, column
            break
        done[column] = _FAR
        distance[column] = _FAR
        reached_columns.append((column, found))
        row, at = int(of_column[column]), found
        reached_rows.append((row, at))
        if at + int(row_potential[row]) < cheapest:
            cheapest, left_out = at + int(row_potential[row]), row
    for row, at in reached_rows:
        row_potential[row] -= length - at
    for column, at in reached_columns:
        column_potential[column] += length - at
    # Along the path each row takes the column that it was reached by.
    while end >= 0:
        row = int(came_from[end])
        of_column[end] = row
        of_row[row], end = end, int(of_row[row])


def _settle(tight: Bools, row_may: Bools, column_may: Bools, of_row: Ints, of_column: Ints) -> None:
    """Move to the matching that the tie rule asks for, in place.

    A best matching has only tight pairs, and leaves out only rows and columns without a potential.
    """
    rows, columns = tight.shape
    unsettled = np.ones(rows, np.bool_)
    usable = np.ones(columns, np.bool_)
    for row in range(rows):
        unsettled[row] = False
        held = int(of_row[row])
        wanted = np.flatnonzero(tight[row] & usable)
        if held >= 0:
            wanted = wanted[wanted < held]
        if len(wanted):
            _move(row, held, wanted, tight, row_may, column_may, unsettled, usable, of_row, of_column)
        if of_row[row] >= 0:
            usable[of_row[row]] = False


def _move(
    row: int,
    held: int,
    wanted: Ints,
    tight: Bools,
    row_may: Bools,
    column_may: Bools,
    unsettled: Bools,
    usable: Bools,
    of_row: Ints,
    of_column: Ints,
) -> None:
    """Give ``row`` the first of the wanted columns that the others can do without, in place.

    Found backwards from the column that the row gives up: a column can be done without if who has it can take one that
    was found before. Columns that nobody has are had by nobody in particular, and one of them may be taken in place of
    another; so may a row without a column give up having none.
    """
    rows, columns = tight.shape
    takes = np.full(rows, -1, np.int64)
    joined = ~unsettled
    found = np.zeros(columns, np.bool_)
    fresh = np.zeros(columns, np.bool_)
    nobody_takes: int | None = None
    # The row that takes a column again where there is nobody's turn.
    returns = -1
    if held < 0:
        nobody_takes = -1
    else:
        found[held] = fresh[held] = True
    spread = False
    while True:
        if nobody_takes is None and (may := np.flatnonzero(fresh & column_may)).size:
            nobody_takes = int(may[0])
        following = np.zeros(columns, np.bool_)
        if fresh.any():
            new = np.flatnonzero(~joined & tight[:, fresh].any(axis=1))
            places = np.flatnonzero(fresh)
            takes[new] = places[np.argmax(tight[np.ix_(new, places)], axis=1)]
            joined[new] = True
            following[of_row[new[of_row[new] >= 0]]] = True
            if nobody_takes is None and (without := new[of_row[new] < 0]).size:
                nobody_takes, returns = -1, int(without[0])
        if nobody_takes is not None and not spread:
            spread = True
            # A row that may be without a column gives up its own.
            new = np.flatnonzero(~joined & row_may & (of_row >= 0))
            joined[new] = True
            following[of_row[new]] = True
            following |= (of_column < 0) & usable
        fresh = following & ~found & usable
        found |= fresh
        if found[wanted[0]] or not fresh.any():
            break
    possible = wanted[found[wanted]]
    if not len(possible):
        return
    taker, column = row, int(possible[0])
    while True:
        holder = int(of_column[column])
        of_column[column] = taker
        if taker >= 0:
            of_row[taker] = column
        if column == held:
            return
        if holder >= 0:
            taker = holder
            if takes[holder] >= 0:
                column = int(takes[holder])
                continue
            of_row[holder] = -1
        if returns >= 0:
            taker, column, returns = returns, int(takes[returns]), -1
        elif nobody_takes is None or nobody_takes < 0:
            return
        else:
            taker, column = -1, nobody_takes
