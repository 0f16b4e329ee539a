"""Compiled draws of whole layers of p-bits whose fields are known."""
