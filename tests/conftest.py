"""What every test can ask for."""

pytest_plugins = [
    "tests.e2e.gallery",
    "tests.servers",
    "tests.support.server",
    "tests.support.stage",
    "tests.support.world",
]
