"""Tests of people, rights and journal."""
