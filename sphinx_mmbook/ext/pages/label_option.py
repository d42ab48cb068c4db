"""``:label:`` and ``:name:`` mean the same, in every directive that can have one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sphinx_mmbook.ext.adapters.vocabulary import registered_directives

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Each is what the other is called elsewhere.
OTHER = {"label": "name", "name": "label"}


def labelled(directive: type[Any]) -> type[Any] | None:
    """Return a directive that takes the option which the given one lacks; ``None`` if none does."""
    spec = directive.option_spec or {}
    missing = [name for name in OTHER if name not in spec and OTHER[name] in spec]
    if len(missing) != 1:
        return None
    extra, own = missing[0], OTHER[missing[0]]

    def __init__(
        self: Any, name: str, arguments: Any, options: Any, *rest: Any, **more: Any
    ) -> None:
        if extra in options:
            options.setdefault(own, options.pop(extra))
        directive.__init__(self, name, arguments, options, *rest, **more)

    values = {"__init__": __init__, "option_spec": {**spec, extra: spec[own]}}
    values |= {"__module__": directive.__module__, "__doc__": directive.__doc__, "relabelled": True}
    if described := getattr(directive, "described", None):
        values["described"] = {**described, extra: (spec[own], f"the same as ``:{own}:``")}
    return type(directive.__name__, (directive,), values)


def add_labels(app: Sphinx, _config: object) -> None:
    """Register such directives in the place of all that can have a label."""
    for domain, name, directive in registered_directives(app):
        if made := labelled(directive):
            if domain:
                app.add_directive_to_domain(domain, name, made, override=True)
            else:
                app.add_directive(name, made, override=True)


def setup_label_option(app: Sphinx) -> None:
    """Do so once all extensions have registered theirs."""
    app.connect("config-inited", add_labels, priority=990)
