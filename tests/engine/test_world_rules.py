"""Whatever is typed at the pretend platform: it answers, and its world stays whole."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.played import play
from wizard.platforms.cloudfoundry import routes
from wizard.platforms.cloudfoundry.cli.verbs import VERBS
from wizard.platforms.digitalmarketplace import scenario
from wizard.platforms.digitalmarketplace.world import EstateWorld
from wizard.platforms.sdk import seeded_random, tables
from wizard.platforms.sdk.invocation import AwaitChange
from wizard.platforms.sdk.platform import WorldOptions


START = scenario.build("digitalmarketplace", WorldOptions(stage="preview", seed=11))
NO_SUCH_COMMAND = 127
NAMES = ["digitalmarketplace_redis", "digitalmarketplace_redis-new", "digitalmarketplace_splunk", "x"]
MORE = ["cloudapps.digital", "-n", "dm-api-preview", "-r", "-o", "digitalmarketplace/api:release-1", "-i", "2", "1"]
APPS = ["api", "user-frontend", "search-api", "nope"]
WORDS = st.sampled_from(
    [
        *NAMES,
        *APPS,
        "redis",
        "medium-ha-6.x",
        "-f",
        "-w",
        "--guid",
        "-s",
        "preview",
        "staging",
        "-c",
        "{}",
        "é",
        "",
        *MORE,
    ]
)
FREE = st.tuples(st.sampled_from([*VERBS, "help", "frobnicate"]), st.lists(WORDS, max_size=4)).map(
    lambda pair: ["cf", pair[0], *pair[1]]
)
LIKELY = st.one_of(
    st.sampled_from(NAMES).map(lambda name: ["cf", "create-service", "redis", "tiny-6.x", name]),
    st.sampled_from(NAMES).map(lambda name: ["cf", "delete-service", name, "-f"]),
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)).map(lambda pair: ["cf", "rename-service", *pair]),
    st.tuples(st.sampled_from(APPS), st.sampled_from(NAMES)).map(lambda pair: ["cf", "bind-service", *pair]),
    st.tuples(st.sampled_from(APPS), st.sampled_from(NAMES)).map(lambda pair: ["cf", "unbind-service", *pair]),
    st.tuples(st.sampled_from(["restart", "stop", "start", "logs", "events"]), st.sampled_from(APPS)).map(
        lambda pair: ["cf", *pair]
    ),
    st.tuples(st.sampled_from(["map-route", "unmap-route"]), st.sampled_from(APPS)).map(
        lambda pair: ["cf", *pair, "cloudapps.digital", "-n", "dm-search-api-preview"]
    ),
    st.tuples(st.sampled_from(APPS), st.sampled_from(APPS)).map(lambda pair: ["cf", "rename", *pair]),
    st.tuples(st.sampled_from(APPS), st.sampled_from([(), ("-r",)])).map(
        lambda pair: ["cf", "delete", pair[0], "-f", *pair[1]]
    ),
    st.sampled_from(APPS).map(lambda app: ["cf", "push", app, "-o", "digitalmarketplace/search-api:release-1"]),
    st.sampled_from(NAMES).map(lambda name: ["cf", "create-service-key", name, "k"]),
    st.sampled_from(["rerelease-all-apps", "smoke-tests"]).map(lambda job: ["jenkins", job, "STAGE=preview"]),
)
STORY = st.lists(st.tuples(st.one_of(FREE, LIKELY, LIKELY), st.integers(0, 900)), max_size=12)


def whole(world: EstateWorld) -> None:
    """What must hold in any world."""
    for space in world.spaces.values():
        for binding in space.bindings.values():
            assert binding.app in space.apps
            assert binding.service in space.services
        for named in (space.services, space.apps):
            names = [one.name for one in named.values()]
            assert len(names) == len(set(names))
            assert all(guid == one.guid for guid, one in named.items())
        for route in space.routes.values():
            assert set(route.apps) <= set(space.apps)
        assert all(key.service in space.services for key in space.keys.values())
    everywhere = [routes.address_of(route) for _, route in routes.everywhere(world)]
    assert len(everywhere) == len(set(everywhere))


@settings(max_examples=60, deadline=None)
@given(STORY, st.sampled_from([7, 8]))
def test_any_story_is_answered_and_leaves_a_whole_world(story: list[tuple[list[str], int]], major: int) -> None:
    world = START.copy()
    world.cli.major = major
    for words, seconds in story:
        before = world.now
        answer = play(world, words, {}, ["what", "y"])
        world = answer.world
        if answer.code is None:  # a log that is followed has no end
            assert words[1] == "logs"
            assert isinstance(answer.waits, AwaitChange)
        else:
            assert answer.code in {0, 1, *({NO_SUCH_COMMAND} if words[1] == "ssh" else ())}
        assert world.now == before + answer.seconds
        whole(world)
        world.advance(seconds)
        whole(world)
        for lines in ("cf services", "cf apps"):
            play(world, lines.split())
    assert EstateWorld.read(world.write()) == world


@given(st.integers(0, 2**63), st.integers(0, 10_000))
def test_guids_look_like_guids_and_differ(seed: int, position: int) -> None:
    made = [
        seeded_random.guid(seeded_random.number(seed, at), seeded_random.number(seed, at + 1))
        for at in (position, position + 2)
    ]
    assert len(set(made)) == 2
    for guid in made:
        assert [len(part) for part in guid.split("-")] == [8, 4, 4, 4, 12]
        assert guid[14] == "4"
        assert guid[19] in "89ab"


def test_chance_is_the_same_on_every_machine() -> None:
    assert [seeded_random.number(1, at) for at in range(3)] == [
        17629623748622851610,
        7038703734588528957,
        6750377644635332274,
    ]
    assert seeded_random.of_text("cf") == seeded_random.of_text("cf")


@given(st.lists(st.tuples(st.text(max_size=9), st.text(max_size=9), st.text(max_size=9)), min_size=1, max_size=5))
def test_columns_of_a_table_begin_below_each_other(rows: list[tuple[str, str, str]]) -> None:
    lines = list(tables.rows(rows))
    at = max(len(row[0]) for row in rows) + 3
    for line, row in zip(lines, rows, strict=True):
        assert line[at:].startswith(row[1])
        assert line.endswith(row[2])
