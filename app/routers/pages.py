"""The browser client: its hashed files for ever, its one page for every other address."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from typing_extensions import override

STATIC: Final = Path(__file__).parent.parent / "static"
FOR_EVER: Final = "public, max-age=31536000, immutable"


class PageConvertor(PathConvertor):
    """Lets everything through but the API, where no page stands for what is not there."""

    regex = "(?!api(?:/|$)).*"


register_url_convertor("page", PageConvertor())
router = APIRouter(include_in_schema=False)


class HashedFiles(StaticFiles):
    """Files whose names change with their contents."""

    @override
    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = FOR_EVER
        return response


def hashed_files() -> HashedFiles:
    return HashedFiles(directory=STATIC / "assets", check_dir=False)


@router.get("/{path:page}")
async def page(path: str) -> Response:
    """Serve a file of the client's root, or the page that shows every screen."""
    for name in (path, "index.html"):
        if name and _is_file_of_ours(STATIC / name):
            return FileResponse(STATIC / name, headers={"Cache-Control": "no-cache"})
    raise HTTPException(404, "The client is not built. Run `make run`.")


def _is_file_of_ours(path: Path) -> bool:
    try:
        file = path.resolve()
        return file.is_relative_to(STATIC) and file.is_file()
    except (OSError, ValueError):  # longer than a file's name can be, or with a null byte in it
        return False
