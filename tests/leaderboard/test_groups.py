"""Letters beside systems: two share one exactly when they can't be told apart, and no letter is more than needed."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from tyez_bench.leaderboard.standings import letters


def p_values(different: set[tuple[str, str]], names: str) -> dict[frozenset[str], float | None]:
    """p-values of all pairs, small for those that differ."""
    return {frozenset(pair): 0.01 if pair in different else 0.5 for pair in combinations(names, 2)}


def test_a_chain_has_overlapping_groups() -> None:
    """The middle one is like both others, and these differ."""
    assert letters("abc", p_values({("a", "c")}, "abc")) == {"a": "a", "b": "ab", "c": "b"}


def test_all_alike_and_all_different() -> None:
    assert letters("abc", p_values(set(), "abc")) == {"a": "a", "b": "a", "c": "a"}
    assert letters("abc", p_values(set(combinations("abc", 2)), "abc")) == {"a": "a", "b": "b", "c": "c"}
    assert letters(["only"], {}) == {"only": "a"}


def test_the_best_one_s_group_is_a_whatever_its_name() -> None:
    different = {("z", "a"), ("m", "a")}
    assert letters("zma", p_values(different, "zma")) == {"z": "a", "m": "a", "a": "b"}


def test_five_per_cent_is_not_told_apart_and_undefined_neither() -> None:
    pair = frozenset("ab")
    assert letters("ab", {pair: 0.05}) == {"a": "a", "b": "a"}
    assert letters("ab", {pair: 0.0499}) == {"a": "a", "b": "b"}
    assert letters("ab", {pair: None}) == {"a": "a", "b": "a"}


@given(st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.sets(st.sampled_from(range(n * n))))))
def test_letters_say_just_what_the_tests_say(drawn: tuple[int, set[int]]) -> None:
    size, chosen = drawn
    names = [f"s{number}" for number in range(size)]
    pairs = list(combinations(names, 2))
    different = {pair for number, pair in enumerate(pairs) if number in chosen}
    found = letters(names, {frozenset(pair): 0.0 if pair in different else 1.0 for pair in pairs})
    assert all(found.values())
    for one, other in pairs:
        assert bool(set(found[one]) & set(found[other])) == ((one, other) not in different)
    # No group lies within another.
    groups = [{name for name in names if letter in found[name]} for letter in set("".join(found.values()))]
    assert not any(one < other for one in groups for other in groups)


def test_more_groups_than_letters() -> None:
    names = [f"s{number:02}" for number in range(28)]
    found = letters(names, {frozenset(pair): 0.0 for pair in combinations(names, 2)})
    assert (found["s25"], found["s26"], found["s27"]) == ("z", "a2", "b2")
    assert len(set(found.values())) == 28
