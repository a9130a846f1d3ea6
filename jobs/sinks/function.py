"""What all sink functions are to SQL."""

from pyflink.table import DataTypes
from pyflink.table.udf import ScalarFunction, UserDefinedScalarFunctionWrapper, udf


def sink_function(function: ScalarFunction) -> UserDefinedScalarFunctionWrapper:
    """Return `function` as SQL calls it: on whole columns at once, and true for each row that its store has.

    No argument may be a CASE: the planner makes a call for each of its branches, and every one of them would write.
    """
    return udf(function, result_type=DataTypes.BOOLEAN(), func_type="pandas")
