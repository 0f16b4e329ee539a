"""Functions that are compiled as parts of kernels alone: made machine code of where they end up."""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering

__all__ = ["PartCompiler"]


class _Part(JITCodeLibrary):  # type: ignore[misc]
    """Code that goes into the library of its caller as it is.

    numba optimises it in full and makes machine code of it: for the function, and again for every
    function on the way up to the kernel. Nobody runs any of that but the last.
    """

    @property
    def codegen(self) -> Any:
        """Whoever would set the address of an environment: there is none before there is code."""
        return _Idle()

    def finalize(self) -> None:
        """Take in what is called from here."""
        self._raise_if_finalized()
        for library in dict.fromkeys(self._linking_libraries):
            self._reload_init.update(library._reload_init)
            self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """None: Python does not call it."""
        self._ensure_finalized()
        return 0


class _Idle:
    def set_env(self, name: str, environment: Any) -> None:
        """Nothing: kernels neither print nor raise anything that is made while they run."""


@register_pass(mutates_CFG=True, analysis_only=False)  # type: ignore[untyped-decorator]
class _LowerPart(NativeLowering):  # type: ignore[misc]
    _name = "lower_part"

    def run_pass(self, state: Any) -> bool:
        """Lower into a library of our kind."""
        state.library = _Part(state.targetctx.codegen(), state.func_id.func_qualname)
        return bool(super().run_pass(state))


class PartCompiler(CompilerBase):  # type: ignore[misc]
    """numba's own passes up to the machine code."""

    def define_pipelines(self) -> list[Any]:
        """One way only."""
        manager = DefaultPassBuilder.define_nopython_pipeline(self.state, name="part")
        manager.passes = [
            (_LowerPart if step is NativeLowering else step, name) for step, name in manager.passes
        ]
        manager.finalize()
        return [manager]
