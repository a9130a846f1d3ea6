"""What all sink functions are to SQL."""

from pyflink.table import DataTypes
from pyflink.table.udf import ScalarFunction, UserDefinedScalarFunctionWrapper, udf


def sink_function(function: ScalarFunction) -> UserDefinedScalarFunctionWrapper:
    """Return `function` as SQL calls it: on whole columns at once, and true for each row that its store has."""
    return udf(function, result_type=DataTypes.BOOLEAN(), func_type="pandas")
