"""What if: moves on communes, what they change, saved, shared and exported; and where to act."""
