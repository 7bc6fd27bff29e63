"""Spot checks of plants by inspectors who are both drawn at random (双随机), and what they find."""
