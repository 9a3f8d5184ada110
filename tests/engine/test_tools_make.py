"""The pretend make and docker against what is known of the real ones."""

from pathlib import Path

import pytest
import yaml

from tests.engine.pretend_cf import Terminal, lines
from wizard.platforms.digitalmarketplace import web


GIVEN = "APPLICATION_NAME=search-api STAGE=preview DM_CREDENTIALS_REPO=credentials"
MANIFEST = f"make generate-manifest {GIVEN}"
ROUTER = "digitalmarketplace/router"


@pytest.fixture
def at(tmp_path: Path) -> Terminal:
    """A person at the pretend platform, where the credentials and the sources of the router lie."""
    (tmp_path / "credentials").mkdir()
    (tmp_path / "Dockerfile").write_text("FROM nginx:1.23.4\nRUN apt-get install -y python3.9\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "nginx.conf.j2").write_text("events {}\nhttp {\n    server { listen {{ PORT }}; }\n}\n")
    return Terminal(folder=tmp_path)


@pytest.mark.parametrize("name", ["APPLICATION_NAME", "STAGE", "DM_CREDENTIALS_REPO"])
def test_a_manifest_needs_three_variables(at: Terminal, name: str) -> None:
    given = [word for word in GIVEN.split() if not word.startswith(name)]
    answer = at(f"make generate-manifest {' '.join(given)}")
    assert (answer.exit, answer.stdout) == (2, "")
    assert answer.stderr.endswith(f" *** Must specify {name}.  Stop.\n")
    assert at(f"make generate-manifest {' '.join(given)} {name}=").exit == 2


def test_the_variables_may_come_from_the_environment(at: Terminal) -> None:
    given = dict(word.split("=") for word in GIVEN.split())
    assert at("make generate-manifest", **given).stdout == at(MANIFEST).stdout


def test_the_manifest_goes_to_standard_output_with_its_secrets_in_it(at: Terminal) -> None:
    answer = at(MANIFEST)
    assert (answer.exit, answer.stderr) == (0, "")
    assert answer.stdout.startswith("---\napplications:\n")
    (app,) = yaml.safe_load(answer.stdout)["applications"]
    assert app["name"] == "search-api-release"
    assert [entry["route"] for entry in app["routes"]] == [
        "dm-search-api-preview.cloudapps.digital",
        "dm-search-api-preview.cloudapps.digital/_metrics",
    ]
    assert app["services"] == ["digitalmarketplace_splunk", "search_api_elasticsearch"]
    assert app["env"]["DM_ENVIRONMENT"] == "preview"
    assert "DM_ELASTICSEARCH_SERVICE_NAME" not in app["env"]
    token = web.search_token(at.world, "preview")
    assert app["env"]["DM_SEARCH_API_AUTH_TOKENS"] == token
    assert {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DM_API_AUTH_TOKENS"} <= app["env"].keys()


def test_with_args_it_goes_into_a_file_that_others_cannot_read(at: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "manifest.yml"
    file.write_text("of another time")
    file.chmod(0o644)
    answer = at(f"{MANIFEST} ARGS='-o manifest.yml'")
    assert (answer.exit, answer.stdout, answer.stderr) == (0, "", "")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text("utf-8") == at(MANIFEST).stdout


def test_it_writes_nowhere_outside_and_through_no_link(at: Terminal, tmp_path: Path) -> None:
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    assert at(f"{MANIFEST} ARGS='-o {outside}'").exit == 2
    (tmp_path / "link").symlink_to(outside)
    assert at(f"{MANIFEST} ARGS='-o link'").exit == 2
    assert not outside.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("APPLICATION_NAME=search-api", "APPLICATION_NAME=serach-api"), "TemplateNotFound: paas/serach-api.j2"),
        (("STAGE=preview", "STAGE=moon"), "No such file or directory: 'vars/moon.yml'"),
        (("=credentials", "=nowhere"), "sops-wrapper: nowhere: No such file or directory"),
        (("make ", "make ARGS=--out "), "Usage: generate-paas-manifest.py"),
        (("make ", "make ARGS='-o no/such/folder/x' "), "FileNotFoundError: "),
    ],
)
def test_a_manifest_that_cannot_be_made_fails_as_make_does(at: Terminal, change: tuple[str, str], said: str) -> None:
    answer = at(MANIFEST.replace(*change))
    assert (answer.exit, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert lines(answer) == []
    assert answer.stderr.endswith("make: *** [Makefile:41: generate-manifest] Error 1\n")


def test_an_unknown_target_is_no_rule(at: Terminal) -> None:
    answer = at("make generate-manifests")
    assert (answer.exit, answer.stderr) == (2, "make: *** No rule to make target 'generate-manifests'.  Stop.\n")


@pytest.mark.parametrize(
    ("dockerfile", "said"),
    [
        ("FROM nginx:9.9.9\n", "nginx:9.9.9: not found"),
        ("FROM nginx:1.25.4\nRUN apt-get install -y python3.9\n", "E: Unable to locate package python3.9"),
        ("COPY x y\n", "failed to read dockerfile"),
    ],
)
def test_an_image_that_cannot_be_built_fails_the_test_of_nginx(
    at: Terminal, tmp_path: Path, dockerfile: str, said: str
) -> None:
    (tmp_path / "Dockerfile").write_text(dockerfile)
    for line, code in (("make test-nginx", 2), ("docker build -t x .", 1)):
        answer = at(line)
        assert (answer.exit, answer.stdout) == (code, "")
        assert said in answer.stderr
        assert "syntax is ok" not in answer.stderr


def test_an_image_is_built_listed_tried_and_pushed(at: Terminal) -> None:
    assert at(f"docker build --pull -t {ROUTER}:release-219 .").exit == 0
    assert at("docker build . -t digitalmarketplace/a-name-that-is-rather-long-for-an-image:release-1").exit == 0
    listed = lines(at("docker images"))
    assert listed[0].split() == ["REPOSITORY", "TAG", "IMAGE", "ID"]
    assert [row.split()[:2] for row in listed[1:]] == [
        ["digitalmarketplace/a-name-that-is-rather-long-for-an-image", "release-1"],
        [ROUTER, "release-219"],
    ]
    version = at(f"docker run --rm {ROUTER}:release-219 nginx -v")
    assert (version.exit, version.stdout, version.stderr) == (0, "", "nginx version: nginx/1.23.4\n")
    assert "test is successful" in at(f"docker run --rm {ROUTER}:release-219 nginx -t").stderr
    pushed = at(f"docker push {ROUTER}:release-219")
    assert pushed.exit == 0
    assert lines(pushed)[0] == f"The push refers to repository [docker.io/{ROUTER}]"
    assert lines(pushed)[-1].startswith("release-219: digest: sha256:")


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        (f"docker push {ROUTER}:release-9", 1, f"An image does not exist locally with the tag: {ROUTER}"),
        ("docker push", 1, "requires exactly 1 argument"),
        ("docker build -t x", 1, "requires exactly 1 argument"),
        ("docker build -t x --pull", 1, "requires exactly 1 argument"),
        ("docker run --rm nobody nginx -v", 125, "Unable to find image 'nobody:latest' locally"),
        ("docker compose up", 1, "docker: 'compose' is not a docker command."),
    ],
)
def test_what_docker_refuses(at: Terminal, line: str, code: int, said: str) -> None:
    answer = at(line)
    assert answer.exit == code
    assert said in answer.stderr


def test_another_program_of_an_image_is_not_found(at: Terminal) -> None:
    at("docker build -t x .")
    answer = at("docker run x python3")
    assert answer.exit == 127
    assert '"python3": executable file not found in $PATH' in answer.stderr


def test_the_scripts_run_in_their_image_with_the_tokens_that_are_passed(at: Terminal) -> None:
    token = web.search_token(at.world, "preview")
    script = "digitalmarketplace/scripts scripts/index-to-search-service.py services preview"
    script += " --index=g-cloud-12-2023-03-14 --frameworks=g-cloud-12 --create-with-mapping=services-g-cloud-12"
    passed = f"docker run --rm -e DM_SEARCH_API_TOKEN_PREVIEW {script}"
    assert at(passed.replace("-e DM_SEARCH_API_TOKEN_PREVIEW ", ""), DM_SEARCH_API_TOKEN_PREVIEW=token).exit == 1
    answer = at(passed, DM_SEARCH_API_TOKEN_PREVIEW=token)
    assert answer.exit == 0, answer.stderr
    assert "Creating g-cloud-12-2023-03-14 index" in answer.stderr
