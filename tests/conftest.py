"""What every test can ask for."""

pytest_plugins = [
    "tests.servers",
    "tests.support.server",
    "tests.support.stage",
    "tests.support.world",
]
