"""The profile of a territory: page, showcase, PDF, comparison, exports."""
