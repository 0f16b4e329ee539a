"""Formats of data sets: arrays, tables, idx and folders of images, one format a file."""
