"""A k-d tree over points, and the searches around its own points.

The tree is implicit and balanced: node v has the children 2v and 2v + 1, and the leaves are the
second half of the nodes. Node v holds the points first[v] .. last[v] - 1, put into the order of
the tree, inside box[v, c, 0] .. box[v, c, 1] along each axis c, and was halved along axis[v].

Distances: the axes ends[e] .. ends[e + 1] - 1 are a block, the distance of two points in a block
is the norm of their difference, and their distance is the greatest over the blocks. No neighbour
is lost or won by rounding: subtraction, sum, root and maximum are monotone in floating point, so
the least distance to a box, from the operations that give the distance of two points, is at most
that to any point inside, and the greatest is at least that.
"""

from __future__ import annotations

import numpy as np
from numba import njit

MAX, EUCLIDEAN, MANHATTAN = 0, 1, 2

ONE, TWO = np.uint64(1), np.uint64(2)
DEPTH = 128


@njit(cache=True, nogil=True)
def build(points, order, box, axis, first, last):
    """Put points, shape (n, d), and `order` into the order of the tree; set box, shape
    (nodes, d, 2), and axis, first, last, shape (nodes,): nodes a power of two, node 0 not used.
    """
    nodes, d = box.shape[0], box.shape[1]
    state = np.uint64(88172645463325252)
    first[1], last[1] = 0, points.shape[0]
    for v in range(1, nodes // 2):
        start, stop = first[v], last[v]
        # the widest axis of some of the points is wide enough
        stride, width = 1 + (stop - start) // 64, -1.0
        for c in range(d):
            least, most = points[start, c], points[start, c]
            for i in range(start, stop, stride):
                least, most = min(least, points[i, c]), max(most, points[i, c])
            if most - least > width:
                axis[v], width = c, most - least
        middle = (start + stop) // 2
        state = _halve(points, order, axis[v], start, stop - 1, middle, state)
        first[2 * v], last[2 * v] = start, middle
        first[2 * v + 1], last[2 * v + 1] = middle, stop
    for v in range(nodes - 1, 0, -1):
        for c in range(d):
            if 2 * v < nodes:
                box[v, c, 0] = min(box[2 * v, c, 0], box[2 * v + 1, c, 0])
                box[v, c, 1] = max(box[2 * v, c, 1], box[2 * v + 1, c, 1])
            else:
                box[v, c] = points[first[v], c]
                for i in range(first[v] + 1, last[v]):
                    box[v, c, 0] = min(box[v, c, 0], points[i, c])
                    box[v, c, 1] = max(box[v, c, 1], points[i, c])


@njit(cache=True, nogil=True)
def _halve(points, order, c, left, right, middle, state):
    """Order the points left .. right so that along axis c none before `middle` is greater, and
    none after it less, than that at `middle`.

    Pivots are drawn at random: with fixed ones, such ordinary data as y = x^2 along a grid would
    take quadratic time.
    """
    while left < right:
        state ^= state << np.uint64(13)
        state ^= state >> np.uint64(7)
        state ^= state << np.uint64(17)
        size = np.uint64(right - left + 1)
        a = points[left + np.int64(state % size), c]
        b = points[left + np.int64((state >> np.uint64(21)) % size), c]
        e = points[left + np.int64((state >> np.uint64(42)) % size), c]
        pivot = max(min(a, b), min(max(a, b), e))
        i, j = left, right
        while i <= j:
            while points[np.uint64(i), c] < pivot:
                i += 1
            while points[np.uint64(j), c] > pivot:
                j -= 1
            if i <= j:
                for m in range(points.shape[1]):
                    value = points[np.uint64(i), m]
                    points[np.uint64(i), m] = points[np.uint64(j), m]
                    points[np.uint64(j), m] = value
                order[i], order[j] = order[j], order[i]
                i += 1
                j -= 1
        if middle <= j:
            right = j
        elif middle >= i:
            left = i
        else:
            break
    return state


@njit(cache=True, nogil=True)
def nearest(points, tree, ends, norm, k, leaves, out):
    """out[i]: the distance from point i to the k-th nearest other one.

    For the points of the leaves number leaves[0] .. leaves[1] - 1.
    """
    box, axis, first, last = tree
    half = np.uint64(box.shape[0] // 2)
    best = np.empty((2 * points.shape[0] // half + ONE, k))
    stack, beside = np.empty(DEPTH, dtype=np.uint64), np.empty(DEPTH, dtype=np.uint64)
    for leaf in range(half + np.uint64(leaves[0]), half + np.uint64(leaves[1])):
        begin, end = np.uint64(first[leaf]), np.uint64(last[leaf])
        reach = 0.0
        for i in range(begin, end):
            mine = best[i - begin]
            mine[:], most = np.inf, np.inf
            for j in range(begin, end):
                gap = _apart(points, i, j, ends, norm)
                if gap < most and j != i:
                    _insert(mine, gap)
                    most = mine[k - 1]
            reach = max(reach, most)
        # upwards, the other half of each node that holds the leaf: for all of its points together
        v, beyond = np.uint64(leaf), np.uint64(0)
        while v > ONE:
            if _between(box, leaf, v ^ ONE, ends, norm) < reach:
                beside[beyond] = v ^ ONE
                beyond += ONE
            v //= TWO
        for i in range(begin, end):
            mine = best[i - begin]
            most = mine[k - 1]
            for m in range(beyond):
                stack[0], top = beside[m], ONE
                while top:
                    top -= ONE
                    w = stack[top]
                    if _least(points, i, box, w, ends, norm) >= most:
                        continue
                    if w < half:
                        near = TWO * w
                        if points[i, axis[w]] > box[near, axis[w], 1]:
                            near ^= ONE
                        stack[top], stack[top + ONE] = near ^ ONE, near
                        top += TWO
                        continue
                    for j in range(np.uint64(first[w]), np.uint64(last[w])):
                        gap = _apart(points, i, j, ends, norm)
                        if gap < most:
                            _insert(mine, gap)
                            most = mine[k - 1]
            out[i] = most


@njit(cache=True, nogil=True, inline="always")
def _insert(ascending, value):
    """Put a value in its place, and drop the greatest."""
    m = ascending.size - 1
    while m > 0 and ascending[m - 1] > value:
        ascending[m] = ascending[m - 1]
        m -= 1
    ascending[m] = value


@njit(cache=True, nogil=True)
def within(points, tree, ends, norm, radii, strict, leaves, out):
    """out[i]: how many other points are nearer to point i than radii[i]; not strict, or as near.

    For the points of the leaves number leaves[0] .. leaves[1] - 1.
    """
    box, _, first, last = tree
    half = np.uint64(box.shape[0] // 2)
    stack = np.empty(DEPTH, dtype=np.uint64)
    for leaf in range(half + np.uint64(leaves[0]), half + np.uint64(leaves[1])):
        for i in range(np.uint64(first[leaf]), np.uint64(last[leaf])):
            # a distance counts if it is below the limit
            limit = radii[i] if strict else np.nextafter(radii[i], np.inf)
            count = 0 if limit == 0.0 else -1
            stack[0], top = ONE, ONE
            while top:
                top -= ONE
                w = stack[top]
                if _least(points, i, box, w, ends, norm) >= limit:
                    continue
                if _greatest(points, i, box, w, ends, norm) < limit:
                    count += last[w] - first[w]
                elif w < half:
                    stack[top], stack[top + ONE] = TWO * w, TWO * w + ONE
                    top += TWO
                else:
                    for j in range(np.uint64(first[w]), np.uint64(last[w])):
                        count += _apart(points, i, j, ends, norm) < limit
            out[i] = count


@njit(cache=True, nogil=True)
def extents(points, tree, ends, norm, radii, leaves, out, counts):
    """counts[i]: how many other points are at most as far as radii[i] from point i; out[i, e]:
    the greatest of their distances in block e.

    For the points of the leaves number leaves[0] .. leaves[1] - 1.
    """
    box, _, first, last = tree
    half = np.uint64(box.shape[0] // 2)
    stack = np.empty(DEPTH, dtype=np.uint64)
    for leaf in range(half + np.uint64(leaves[0]), half + np.uint64(leaves[1])):
        for i in range(np.uint64(first[leaf]), np.uint64(last[leaf])):
            out[i], counts[i] = 0.0, -1
            stack[0], top = ONE, ONE
            while top:
                top -= ONE
                w = stack[top]
                if _least(points, i, box, w, ends, norm) > radii[i]:
                    continue
                if _greatest(points, i, box, w, ends, norm) <= radii[i]:
                    # all of them count; of many that coincide none need be looked at
                    grows = False
                    for e in range(out.shape[1]):
                        grows |= _greatest(points, i, box, w, ends[e : e + 2], norm) > out[i, e]
                    if not grows:
                        counts[i] += last[w] - first[w]
                        continue
                if w < half:
                    stack[top], stack[top + ONE] = TWO * w, TWO * w + ONE
                    top += TWO
                    continue
                for j in range(np.uint64(first[w]), np.uint64(last[w])):
                    if _apart(points, i, j, ends, norm) <= radii[i]:
                        counts[i] += 1
                        for e in range(out.shape[1]):
                            gap = _apart(points, i, j, ends[e : e + 2], norm)
                            out[i, e] = max(out[i, e], gap)


# Inlined as source, since a call that passes arrays takes longer than what these compute; for the
# same reason they look at every axis rather than leave off early.


@njit(cache=True, nogil=True, inline="always")
def _apart(points, i, j, ends, norm):
    """The distance between the points i and j."""
    most = 0.0
    for e in range(np.uint64(ends.size - 1)):
        total = 0.0
        for c in range(np.uint64(ends[e]), np.uint64(ends[e + ONE])):
            gap = abs(points[i, c] - points[j, c])
            if norm == MAX:
                total = gap if gap > total else total
            elif norm == EUCLIDEAN:
                total += gap * gap
            else:
                total += gap
        if norm == EUCLIDEAN:
            total = np.sqrt(total)
        most = total if total > most else most
    return most


@njit(cache=True, nogil=True, inline="always")
def _least(points, i, box, v, ends, norm):
    """The least distance between point i and what may lie in the box of node v."""
    most = 0.0
    for e in range(np.uint64(ends.size - 1)):
        total = 0.0
        for c in range(np.uint64(ends[e]), np.uint64(ends[e + ONE])):
            gap = max(0.0, box[v, c, 0] - points[i, c], points[i, c] - box[v, c, 1])
            if norm == MAX:
                total = gap if gap > total else total
            elif norm == EUCLIDEAN:
                total += gap * gap
            else:
                total += gap
        if norm == EUCLIDEAN:
            total = np.sqrt(total)
        most = total if total > most else most
    return most


@njit(cache=True, nogil=True, inline="always")
def _between(box, v, w, ends, norm):
    """The least distance between what may lie in the boxes of two nodes."""
    most = 0.0
    for e in range(np.uint64(ends.size - 1)):
        total = 0.0
        for c in range(np.uint64(ends[e]), np.uint64(ends[e + ONE])):
            gap = max(0.0, box[v, c, 0] - box[w, c, 1], box[w, c, 0] - box[v, c, 1])
            if norm == MAX:
                total = gap if gap > total else total
            elif norm == EUCLIDEAN:
                total += gap * gap
            else:
                total += gap
        if norm == EUCLIDEAN:
            total = np.sqrt(total)
        most = total if total > most else most
    return most


@njit(cache=True, nogil=True, inline="always")
def _greatest(points, i, box, v, ends, norm):
    """The greatest distance between point i and what may lie in the box of node v."""
    most = 0.0
    for e in range(np.uint64(ends.size - 1)):
        total = 0.0
        for c in range(np.uint64(ends[e]), np.uint64(ends[e + ONE])):
            gap = max(points[i, c] - box[v, c, 0], box[v, c, 1] - points[i, c])
            if norm == MAX:
                total = gap if gap > total else total
            elif norm == EUCLIDEAN:
                total += gap * gap
            else:
                total += gap
        if norm == EUCLIDEAN:
            total = np.sqrt(total)
        most = total if total > most else most
    return most
