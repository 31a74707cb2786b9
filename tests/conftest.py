"""What every test can ask for."""

pytest_plugins = [
    "tests.e2e.gallery",
    "tests.servers",
    "tests.support.receivers",
    "tests.support.browsers",
    "tests.support.ears",
    "tests.support.logs",
    "tests.support.machines",
    "tests.support.server",
    "tests.support.stage",
    "tests.support.standby",
    "tests.support.valkeys",
    "tests.support.world",
    "tests.support.writing",
]
